import Foundation
import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport
import RegiopostWire
import Testing

/// A backup, a week of work, a lost disk and a lost laptop, played by processes over TLS.
@Suite("A restored server and its clients", .timeLimit(.minutes(10))) struct RecoveryStoryTests {
    /// One line of the log: which number which change had, and when it was received.
    private struct Record: Equatable {
        let number: Int
        let id: String
        let received: String

        init?(_ line: Substring) {
            guard line.hasPrefix("n=") else { return nil }
            var values: [Substring: Substring] = [:]
            for word in line.split(separator: "{", maxSplits: 1)[0].split(separator: " ") {
                let parts = word.split(separator: "=", maxSplits: 1)
                if parts.count == 2 { values[parts[0]] = parts[1] }
            }
            guard let number = values["n"].flatMap({ Int($0) }), let id = values["id"],
                let received = values["received"]
            else { return nil }
            (self.number, self.id, self.received) = (number, String(id), String(received))
        }
    }

    /// The log of a data folder, read as a person would.
    private func records(_ data: String) throws -> [Record] {
        let folder = data + "/journal/segments"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { name in
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)), as: UTF8.self)
                .split(separator: "\n").compactMap(Record.init)
        }
    }

    private func publish(_ number: Int, by clerk: Clerk, in folder: String) async throws {
        let file = folder + "/brief-\(number).txt"
        try "Geachte formateur,\n\nBrief \(number).\n".write(toFile: file, atomically: true, encoding: .utf8)
        try await clerk.does(
            "letter", "publish", file, "--region", "haagse-regio", "--to", "formateur", "--dossier",
            "DOS-2026-00000\(number)", "--document", "PZH-2026-0000000\(number)", "--subject", "Brief \(number)")
    }

    private func items(_ run: Program.Run) throws -> [JSONValue] {
        try #require(run.status == 0, "\(run.output) \(run.errors)")
        return try run.output.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
    }

    /// The changes that a recovery's report says nobody gave back.
    private func missing(_ items: [JSONValue]) -> Set<Int> {
        Set(
            items.filter { $0["kind"]?.string == "missing" }.flatMap { item in
                Array((item["first"]?.integer ?? 0)...(item["last"]?.integer ?? 0))
            })
    }

    @Test("a backup a week old, three clients, one lost laptop: what is regained, and exactly what is not")
    func week() async throws {
        let office = try await Office()
        let folder = office.folder.path
        var server = try await office.serve()
        let port = server.port
        let province = try await Clerk(Story.secretariaat, at: office, port: port)
        let holder = try await Clerk(Story.accounthouder, at: office, port: port)
        let delft = try await Clerk("gm0503/college", at: office, port: port)
        let laptop = try await Clerk("gm0518/college", at: office, port: port)

        // Monday: one letter, and the backup; the key of the receipts lies somewhere else.
        try await province.syncs()
        try await publish(41, by: province, in: folder)
        for clerk in [province, holder, delft, laptop] { try await clerk.syncs() }
        #expect(await server.stop() == 0)
        let backup = folder + "/backup"
        try FileManager.default.copyItem(atPath: office.folder.data, toPath: backup)
        try FileManager.default.moveItem(atPath: backup + "/receipt-key", toPath: folder + "/receipt-key")
        let saved = try records(backup)

        // The week: an answer with an attachment, a second letter, a request from the laptop that nobody fetches, a third letter.
        server = try await ServerProcess.start(office.folder.data, port: port)
        let plan = folder + "/plan.pdf"
        try String(repeating: "plan ", count: 50_000).write(toFile: plan, atomically: true, encoding: .utf8)
        try await delft.does("respond", "DOS-2026-0000041", "--text", "Graag, zie het plan.", "--attach", plan)
        try await delft.syncs()
        try await publish(42, by: province, in: folder)
        for clerk in [province, holder, delft, laptop] { try await clerk.syncs() }
        try await laptop.does("meeting", "request", "--theme", "Wonen", "--slot", "2099-05-12 19:30-21:00")
        try await laptop.syncs()
        try await publish(43, by: province, in: folder)
        try await province.syncs()
        let answered = try await province.does("response", "show", "DOS-2026-0000041", "Delft")

        // Friday: the disk is gone, and the laptop was left on a train.
        server.signal(SIGKILL)
        _ = await server.status()
        let lost = try records(office.folder.data)
        #expect(Array(lost.prefix(saved.count)) == saved && lost.count == saved.count + 4)
        let broken = folder + "/broken"
        try FileManager.default.moveItem(atPath: office.folder.data, toPath: broken)

        let without = try await Program.run(["restore", backup, "--data", office.folder.data])
        #expect(without.status == 66 && without.errors.contains("--receipt-key"), "\(without)")
        let restored = try items(
            try await Program.run([
                "restore", backup, "--receipt-key", folder + "/receipt-key", "--data", office.folder.data, "--json",
            ]))
        #expect(restored[0]["records"]?.integer == saved.count && restored[0]["recovering"]?.bool == true)
        server = try await ServerProcess.start(office.folder.data, port: port)

        // What is new waits; what is old comes back.
        try await delft.does("meeting", "request", "--theme", "Mobiliteit", "--slot", "2099-06-12 19:30-21:00")
        for clerk in [delft, holder, province] {
            let run = try await clerk.tries(["sync", "--json"])
            #expect(run.status == (clerk.profile == delft.profile ? 75 : 0), "\(run)")
            let said = try JSONReader.read(Array(run.output.utf8.filter { $0 != 0x0A }))
            let given = [said["recovery"]?["returned"], said["recovery"]?["known"]].compactMap { $0?.integer }
            #expect(given.count == 2 && given.reduce(0, +) > 0, "\(clerk.profile): \(run.output)")
            #expect(said["recovery"]?["refused"]?.integer == 0 && said["resynced"]?.array == [])
        }
        #expect(try await delft.does("queue").array?.count == 1)
        let told = try await delft.tries(["sync"])
        #expect(told.status == 75 && told.errors.contains("recovering"), "\(told)")
        // A restart forgets nothing of it.
        server.signal(SIGKILL)
        _ = await server.status()
        server = try await ServerProcess.start(office.folder.data, port: port)

        let status = try items(try await office.run("recovery", "status", "--json"))
        let returned = try #require(status[0]["returned"]?.integer)
        #expect(status[0]["state"]?.string == "recovering" && status.count { $0["kind"]?.string == "giver" } == 2)
        #expect(saved.count + returned + missing(status).count <= lost.count)
        #expect(try await office.run("status").output.contains("recovery status"))

        let ended = try items(try await office.run("recovery", "end", "--json"))
        #expect(ended[0]["regained"]?.integer == returned && ended[0]["untaken"]?.integer == 0, "\(ended)")
        #expect(ended[0]["files"]?.integer == 0, "delft gave the attachment back")
        let again = try await office.run("recovery", "end", "--json")
        #expect(again.status == 65, "\(again)")

        // Exactly what the log had and nobody gave back is reported, and everything else stands there as it stood.
        let healed = try records(office.folder.data)
        let gone = missing(ended)
        let kept = lost.filter { $0.number <= saved.count + returned + gone.count && !gone.contains($0.number) }
        #expect(healed.map(\.id) == kept.map(\.id) && healed.map(\.received) == kept.map(\.received))
        #expect(
            gone == [saved.count + 3] && healed.count == saved.count + 3, "the laptop's request, and nothing else")
        let text = try await office.run("recovery", "status")
        #expect(text.status == 0 && text.output.contains("not recovering"))

        // Everybody goes on, with everything in its place and the work that waited.
        for clerk in [delft, holder, province, delft] {
            let said = try await clerk.does("sync")
            #expect(said["leftBehind"]?.integer == 0, "\(clerk.profile)")
        }
        #expect(try await delft.does("queue").array?.isEmpty == true)
        #expect(
            try await province.does("response", "show", "DOS-2026-0000041", "Delft") == answered)
        try await holder.syncs()
        let meetings = try await holder.does("meetings", "list")
        #expect(meetings.array?.count == 1, "the laptop's request is the one that is lost")
        let verified = try await office.run("verify")
        #expect(verified.status == 0, "\(verified)")

        // The laptop's successor begins with what there is.
        let next = try await Clerk("gm0518/college", at: office, port: port, home: "new")
        try await next.syncs()
        #expect(try await next.does("meetings", "list").array?.isEmpty == true)
        #expect(try await next.does("letters", "list").array?.count == 3)
        // The laptop is found after all: too late to give back, its owner's own work is offered anew.
        let found = try await laptop.does("sync")
        #expect(found["sent"]?.array?.count == 1 && found["leftBehind"]?.integer == 0, "\(found)")
        try await holder.syncs()
        #expect(try await holder.does("meetings", "list").array?.count == 2)
        #expect(await server.stop() == 0)
    }
}
