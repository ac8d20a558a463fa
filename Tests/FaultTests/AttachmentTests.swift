import Foundation
import Testing

/// Attachments through real processes: killed on both sides, over the limit, spoiled, and asked for by the wrong people.
@Suite(.serialized) struct AttachmentTests {
    /// Bytes that look like lines, and never twice the same.
    private static func bytes(_ count: Int) -> Data {
        var state: UInt64 = 7
        return Data(
            (0..<count).map { index in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return index % 64 == 0 ? 0x0A : UInt8(truncatingIfNeeded: state >> 33)
            })
    }

    private struct Listed: Decodable {
        let name: String
        let size: Int
        let sha256: String
        let here: Bool
    }

    private func enrolAll(_ town: Town) async throws {
        for (profile, address) in [
            "secretariaat": "pv28/secretariaat", "griffie": "gm0518/griffie", "buiten": "gm0505/griffie",
        ] { try await town.enrol(profile, address) }
    }

    /// Queues a letter that cites a file of these bytes, and takes the file away.
    private func publish(_ data: Data, as name: String, in town: Town, number: Int = 42) async throws {
        let letter = town.folder + "/brief.txt"
        try "Onderwerp: Samen verder\n\nGeachte formateur,\n\nZie de bijlage.\n".write(
            toFile: letter, atomically: false, encoding: .utf8)
        let path = town.folder + "/" + name
        try data.write(to: URL(filePath: path))
        try await town.succeed(
            "secretariaat", "letter", "publish", letter, "--region", "haagse-regio", "--to", "formateur",
            "--dossier",
            "DOS-2026-00000\(number)", "--document", "PZH-2026-0000000\(number)", "--attach", path)
        try FileManager.default.removeItem(atPath: path)
    }

    private func list(_ profile: String, _ town: Town) async throws -> [Listed] {
        try await town.succeed(profile, "attachment", "list").value([Listed].self)
    }

    private func get(_ profile: String, _ name: String, _ town: Town) async throws -> Data {
        let path = town.folder + "/gehaald-" + UUID().uuidString
        try await town.succeed(profile, "attachment", "get", "DOS-2026-0000042", name, "-o", path)
        return try Data(contentsOf: URL(filePath: path))
    }

    /// How many bytes of files the client announced, by its trace.
    private func sent(_ trace: String) -> Int {
        trace.split(separator: "\n").filter { $0.hasPrefix("C: ") && $0.contains(" BLOB ") }
            .compactMap { line in line.split(separator: " ").last?.split(separator: "=").last.flatMap { Int($0) } }
            .reduce(0, +)
    }

    @Test func `An attachment reaches who sees its letter, is read offline, and stays unknown to others`()
        async throws
    {
        try await Town.with { town in
            try await enrolAll(town)
            let data = Self.bytes(3_000_000)
            try await publish(data, as: "kaart.pdf", in: town)
            try await town.succeed("secretariaat", "sync")
            try await town.succeed("griffie", "sync", "--attachments", "0")
            #expect(try await list("griffie", town).map(\.here) == [false])
            #expect(try await get("griffie", "kaart.pdf", town) == data)
            let listed = try #require(try await list("griffie", town).first)
            #expect(listed.name == "kaart.pdf" && listed.size == data.count && listed.here)
            // Knowing the digest opens nothing.
            try await town.succeed("buiten", "sync")
            let asked = try await town.type(
                "1 FETCH sha256=\(listed.sha256) offset=0\n2 OFFER sha256=\(listed.sha256) size=\(data.count)\n",
                into: "buiten")
            #expect(asked.output.contains("1 NO blob-unknown "), "\(asked.output)")
            #expect(asked.output.contains("2 OK OFFER sha256=\(listed.sha256) offset=0 complete=no"))
            let status = try await town.operate(["status", "--json"]).output
            #expect(status.contains("\"files\":1,\"fileBytes\":3000000"), "\(status)")
            try await town.operate(["verify"])
            let blob = "\(town.data)/blobs/\(listed.sha256.prefix(2))/\(listed.sha256)"
            await town.killServer()
            #expect(try await get("griffie", "kaart.pdf", town) == data)
            #expect(try await get("secretariaat", "kaart.pdf", town) == data)
            try Data(data.reversed()).write(to: URL(filePath: blob))
            let damaged = try await town.operateUnsure(["verify", "--json"])
            #expect(damaged.status != 0 && damaged.output.contains("\"fault\":\"digest\""), "\(damaged.output)")
            try FileManager.default.removeItem(atPath: blob)
            let missing = try await town.operateUnsure(["verify", "--json"])
            #expect(missing.status != 0 && missing.output.contains("\"fault\":\"file\""), "\(missing.output)")
        }
    }

    @Test func `A client and a server killed in the middle of an upload go on where they were`() async throws {
        try await Town.with { town in
            try await enrolAll(town)
            let data = Self.bytes(24_000_000)
            try await publish(data, as: "film.mp4", in: town)
            var kills = 0
            var announced = 0
            // The first kill comes by count, since a fast machine is done before any clock strikes.
            let first: Moment? = await Program.canTrace() ? .call("write", path: nil, n: 100) : nil
            for delay in stride(from: 20, through: 400, by: 20) {
                let isServer = kills % 2 == 1
                if isServer {
                    async let running = town.client("secretariaat", ["sync", "--trace"])
                    try await Task.sleep(for: .milliseconds(delay))
                    await town.killServer()
                    let run = try await running
                    announced += sent(run.errors)
                    try await town.startServer()
                    if run.status == 0 { break }
                } else {
                    let moment = kills == 0 ? first : nil
                    let run = try await town.client(
                        "secretariaat", ["sync", "--trace"], at: moment ?? .after(.milliseconds(delay)))
                    announced += sent(run.errors)
                    if !run.isKilled { break }
                }
                kills += 1
            }
            let last = try await town.client("secretariaat", ["sync", "--trace"])
            #expect(last.status == 0, "\(last.errors.suffix(500))")
            announced += sent(last.errors)
            // Each time at most the piece that was under way is announced again.
            #expect(announced <= data.count + kills * 1_048_576, "\(announced) bytes in \(kills + 1) runs")
            #expect(kills > 0)
            try await town.succeed("griffie", "sync")
            #expect(try await get("griffie", "film.mp4", town) == data)
            #expect(try await town.queue("secretariaat").isEmpty)
            try await town.operate(["verify"])
        }
    }

    @Test func `A client killed in the middle of a download goes on where it was`() async throws {
        try await Town.with { town in
            try await enrolAll(town)
            let data = Self.bytes(24_000_000)
            try await publish(data, as: "film.mp4", in: town)
            try await town.succeed("secretariaat", "sync")
            var held: [Int] = []
            for delay in stride(from: 100, through: 500, by: 50) {
                let run = try await town.client("griffie", ["sync"], at: .after(.milliseconds(delay)))
                guard run.isKilled else { break }
                let folder = "\(town.home)/griffie/files/fetching"
                let part = try? FileManager.default.contentsOfDirectory(atPath: folder).first
                let size = try part.flatMap {
                    try FileManager.default.attributesOfItem(atPath: folder + "/" + $0)[.size] as? Int
                }
                held.append(size ?? 0)
            }
            // The last kill may have come when all was there.
            let growing = held.filter { $0 > 0 }
            #expect(growing == growing.sorted())
            try await town.succeed("griffie", "sync")
            #expect(try await get("griffie", "film.mp4", town) == data, "after \(held)")
        }
    }

    @Test func `A file over the limit is refused, the work is kept, and from then on it is said at the keyboard`()
        async throws
    {
        try await Town.with { town in
            try await enrolAll(town)
            let path = town.data + "/regiopostd.json"
            await town.killServer()
            let configuration = try String(contentsOfFile: path, encoding: .utf8)
            try configuration.replacing("\"largestFile\": 52428800", with: "\"largestFile\": 1000").write(
                toFile: path, atomically: false, encoding: .utf8)
            try await town.startServer()
            try await publish(Self.bytes(1_001), as: "groot.bin", in: town)
            let refused = try await town.client("secretariaat", ["sync"])
            #expect(refused.status == 65 && refused.errors.contains("groot.bin"), "\(refused.errors)")
            #expect(try await town.queue("secretariaat").map(\.state) == ["refused"])
            let file = town.folder + "/groot.bin"
            try Self.bytes(1_001).write(to: URL(filePath: file))
            let again = try await town.client(
                "secretariaat",
                [
                    "letter", "publish", town.folder + "/brief.txt", "--region", "haagse-regio", "--to",
                    "formateur",
                    "--dossier", "DOS-2026-0000043", "--document", "PZH-2026-000000043", "--attach", file,
                ])
            #expect(again.status == 65 && again.output.contains("\"blob-too-large\""), "\(again.output)")
        }
    }

    @Test func `What happens to a file after it was attached changes nothing, and a spoiled copy is not sent`()
        async throws
    {
        try await Town.with { town in
            try await enrolAll(town)
            let data = Self.bytes(5_000)
            try await publish(data, as: "kaart.pdf", in: town)
            try Data("iets anders".utf8).write(to: URL(filePath: town.folder + "/kaart.pdf"))
            try await town.succeed("secretariaat", "sync")
            try await town.succeed("griffie", "sync")
            #expect(try await get("griffie", "kaart.pdf", town) == data)
            try await publish(Self.bytes(6_000), as: "plan.pdf", in: town, number: 43)
            let listed = try #require(try await list("secretariaat", town).first { $0.name == "plan.pdf" })
            let copy = "\(town.home)/secretariaat/files/\(listed.sha256.prefix(2))/\(listed.sha256)"
            try Data(Self.bytes(6_000).reversed()).write(to: URL(filePath: copy))
            let run = try await town.client("secretariaat", ["sync"])
            #expect(run.status == 65 && run.errors.contains("plan.pdf"), "\(run.errors)")
            #expect(try await town.queue("secretariaat").map(\.state) == ["refused"])
            try await town.succeed("griffie", "sync")
            #expect(try await list("griffie", town).map(\.name) == ["kaart.pdf"])
        }
    }

    @Test func `An answer carries attachments too, and a letter's number of them must be right`() async throws {
        try await Town.with { town in
            try await enrolAll(town)
            try await town.enrol("college", "gm0518/college")
            try await publish(Self.bytes(100), as: "kaart.pdf", in: town)
            try await town.succeed("secretariaat", "sync")
            try await town.succeed("college", "sync")
            let plan = town.folder + "/kaart.pdf"
            try Self.bytes(200).write(to: URL(filePath: plan))
            try await town.succeed("college", "respond", "DOS-2026-0000042", "--text", "Graag.", "--attach", plan)
            try await town.succeed("college", "sync")
            try await town.succeed("secretariaat", "sync")
            let both = try await town.client(
                "secretariaat", ["attachment", "get", "DOS-2026-0000042", "kaart.pdf"])
            #expect(both.status == 65 && both.output.contains("\"several-attachments\""), "\(both.output)")
            let path = town.folder + "/van-den-haag.pdf"
            try await town.succeed(
                "secretariaat", "attachment", "get", "DOS-2026-0000042", "kaart.pdf", "--from", "gm0518", "-o", path
            )
            #expect(try Data(contentsOf: URL(filePath: path)) == Self.bytes(200))
            let letter = town.folder + "/brief.txt"
            try "Bijlagen: 2\nOnderwerp: Samen\n\nGeachte formateur,\n\nZie de bijlage.\n".write(
                toFile: letter, atomically: false, encoding: .utf8)
            let wrong = try await town.client(
                "secretariaat",
                [
                    "letter", "publish", letter, "--region", "haagse-regio", "--to", "formateur", "--dossier",
                    "DOS-2026-0000044", "--document", "PZH-2026-000000044", "--attach", plan,
                ])
            #expect(wrong.status == 65 && wrong.output.contains("\"attachment-count\""), "\(wrong.output)")
        }
    }
}
