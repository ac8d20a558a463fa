import Foundation
import RegiopostJSON
import RegiopostTestSupport
import RegiopostWire
import Testing

@Suite("The operator's commands", .timeLimit(.minutes(5))) struct CommandTests {
    @Test("each failure has its exit status, a sentence on standard error, and nothing on standard output")
    func failures() async throws {
        let office = try await Office()
        let data = office.folder.data
        let missing = office.folder.path + "/none"
        for (arguments, status, sentence) in [
            (["init", "--data", data], 73, "is not empty; nothing was changed"),
            (["status", "--data", missing], 66, "regiopostd init --data \(missing)"),
            (["invite", "gm0530/griffie", "--data", data], 65, "invite Voorne aan Zee (gm1992)"),
            (["invite", "--data", data], 64, "Error:"), (["dance"], 64, "Error:"),
            (["serve", "--data", data, "--port", "70000"], 64, "65535"),
            (["init", "--data", missing, "--province", "gm0503"], 64, "gm0503"),
            (["revoke", "gm0503/griffie", "--data", data], 66, "nothing to revoke"),
            (["serve", "--data", data, "--host", "192.0.2.1"], 69, "can't listen on 192.0.2.1"),
            (["init", "--data", "/proc/none"], 73, "can't be made"),
        ] as [([String], Int32, String)] {
            let run = try await Program.run(arguments)
            #expect(run.status == status, "\(arguments): \(run.errors)")
            #expect(
                run.errors.contains(sentence) && run.output.isEmpty, "\(arguments): \(run.errors) \(run.output)")
        }
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test("the language follows the option, then the environment") func language() async throws {
        let office = try await Office()
        let data = ["REGIOPOSTD_DATA": office.folder.data]
        let dutch = data.merging(["LC_ALL": "nl_NL.UTF-8"]) { $1 }
        #expect(try await Program.run(["status"], environment: dutch).output.contains("Server draait:"))
        #expect(try await Program.run(["status"], environment: data).output.contains("Server runs:"))
        let option = ["status", "--language", "en"]
        #expect(try await Program.run(option, environment: dutch).output.contains("Server runs:"))
        let help = try await Program.run(["help", "invite"], environment: dutch)
        #expect(help.output.contains("Maak een uitnodiging") && help.status == 0)
    }

    @Test("JSON keeps its keys") func json() async throws {
        let office = try await Office()
        let status = try await office.run("status", "--json")
        let value = try JSONReader.read(Array(status.output.utf8))
        #expect(
            value.members?.map(\.name) == [
                "running", "listen", "port", "name", "province", "epoch", "organisations", "regions",
                "directoryChanges", "records", "segments", "journalBytes", "validCertificates", "openInvitations",
                "files", "fileBytes",
                "serverCertificateExpires",
                "authorityExpires", "warnings",
            ])
        let invitation = try JSONReader.read(
            Array(try await office.run("invite", "gm0503/griffie", "--json").output.utf8))
        #expect(invitation.members?.map(\.name) == ["address", "invitation", "expires"])
        let lines = try await office.run("directory", "show", "--json").output.split(separator: "\n")
        #expect(lines.count == 119)
        for line in lines { #expect(throws: Never.self) { try JSONReader.read(Array(line.utf8)) } }
    }

    @Test("many commands at once wait for each other, without a server and beside one") func atOnce() async throws {
        let office = try await Office()
        for isServed in [false, true] {
            let server = isServed ? try await office.serve() : nil
            try await withThrowingTaskGroup(of: InvitationText.self) { group in
                for _ in 0..<8 { group.addTask { try await office.invite("gm0503/griffie") } }
                var secrets: Set<[UInt8]> = []
                for try await invitation in group { secrets.insert(invitation.secret) }
                #expect(secrets.count == 8)
            }
            if let server { #expect(await server.stop() == 0) }
        }
        let status = try JSONReader.read(Array(try await office.run("status", "--json").output.utf8))
        #expect(status["openInvitations"]?.integer == 16)
    }

    @Test("a second serve is refused, and the first one goes on") func secondServer() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let second = try await office.run("serve", "--port", "0")
        #expect(second.status == 75 && second.output.isEmpty)
        #expect(second.errors.contains("A server runs on \(office.folder.data) already"))
        #expect(try await office.run("status", "--json").output.contains("\"running\":true"))
        #expect(await server.stop() == 0)
    }

    @Test("making a folder that is killed anywhere leaves nothing that serves, or all of it") func killedInit()
        async throws
    {
        let moments = [
            "lock", "unfinished", "ca-key.pem", "ca.pem", "server-key.pem", "server.pem", "directory",
            "directory/regions.csv", "journal.new", "journal/segments", "regiopostd.json.new", "regiopostd.json",
        ]
        var interrupted = 0
        for moment in moments {
            let folder = TemporaryFolder()
            let exited = Exited()
            let process = try ChildProcess(
                [Program.path(of: Program.server), "init", "--data", folder.data],
                environment: Program.surroundings(), output: folder.file(), errors: folder.file()
            ) { exited.set($0) }
            // Files come one after the other, so that each is a moment to die at.
            while !FileManager.default.fileExists(atPath: folder.data + "/" + moment), !exited.isKnown {
                usleep(100)
            }
            if !exited.isKnown { kill(process.id, SIGKILL) }
            _ = await exited.status()
            if FileManager.default.fileExists(atPath: folder.data + "/unfinished") { interrupted += 1 }
            let status = try await Program.run(["status", "--data", folder.data, "--json"])
            if status.status == 0 {
                #expect(status.output.contains("\"organisations\":51,\"regions\":8"))
                #expect(try await Program.run(["verify", "--data", folder.data]).status == 0)
            } else {
                #expect([66, 78].contains(status.status), "at \(moment): \(status.errors)")
                let again = try await Program.run(["init", "--data", folder.data])
                #expect(again.status == 0, "at \(moment): \(again.errors)")
                #expect(try await Program.run(["verify", "--data", folder.data]).status == 0)
            }
        }
        #expect(interrupted >= 1)
    }
}
