import RegiopostClient
import RegiopostClientSQLite
import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport
import Testing

/// The outbox and its user's decisions, played by processes over TLS.
@Suite("From a conflict in the queue to a decision", .timeLimit(.minutes(5))) struct QueueStoryTests {
    @Test("a proposal that came too late: both versions side by side, rewritten with what was built on it")
    func conflict() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let delft = try await Clerk("gm0503/college", at: office, port: server.port)
        let holder = try await Clerk("pv28/accounthouder-haagse-regio", at: office, port: server.port)
        let handle = try await requested(delft)
        try await holder.syncs()
        try await holder.does("meeting", "propose", handle, "--slot", "2099-05-12 19:30-21:00")
        try await holder.syncs()
        try await delft.syncs()
        try await delft.does(
            "meeting", "counter", handle, "--slot", "2099-05-19 19:30-21:00", "--note", "Liever later.")
        try await delft.syncs()
        try await holder.does(
            "meeting", "propose", handle, "--slot", "2099-05-13 19:30-21:00", "--note", "Woensdag.")
        #expect(try await holder.does("queue", "check")["fine"]?.bool == true)
        #expect(try await holder.tries(["sync", "--json"]).status == 65)

        let item = try #require(try await holder.does("queue").array?.first)
        #expect(item["state"]?.string == "conflict" && item["overdue"]?.bool == false)
        let own = try #require(item["handle"]?.string)
        let check = try await holder.tries(["queue", "check", "--json"])
        #expect(check.status == 65 && check.output.contains(#""code":"conflict""#), "\(check.output)")
        let both = try await holder.does("queue", "resolve", own)
        #expect(both["theirs"]?.array?.compactMap { $0["type"]?.string } == ["meeting.counter"])
        let seen = try await holder.sees("queue", "resolve", own)
        #expect(seen.contains("YOUR VERSION") && seen.contains("| WHAT IS THERE NOW"))
        #expect(seen.contains("Woensdag.") && seen.contains("Liever later."))
        #expect(try await holder.sees("queue", "show", own).contains("queue resolve \(own)"))

        try await holder.does("queue", "resolve", own, "--edit", "--text", "Toch dinsdag?")
        try await holder.syncs()
        #expect(try await holder.does("queue").array?.isEmpty == true)
        try await delft.syncs()
        #expect(try await delft.sees("meeting", "show", handle).contains("Toch dinsdag?"))
        #expect(await server.stop() == 0)
    }

    @Test("dropping says what depends on it; the editor's text is kept where it doesn't fit") func decisions()
        async throws
    {
        let office = try await Office()
        let server = try await office.serve()
        let delft = try await Clerk("gm0503/college", at: office, port: server.port)
        try await delft.syncs()
        #expect(await server.stop() == 0)
        let handle = try await requested(delft, syncing: false)
        try await delft.does("meeting", "cancel", handle, "--reason", "Toch niet.")
        #expect(try await delft.refused("queue", "drop", handle) == "has-dependents")
        #expect(try await delft.does("queue").array?.count == 2)

        let edit = ["queue", "edit", handle, "--profile", delft.profile, "--home", delft.home]
        let same = try await Program.run(edit, environment: ["VISUAL": "true"], of: Program.client)
        #expect(same.status == 65 && same.errors.contains("wasn't changed") && !same.errors.contains("kept in"))
        let emptied = try await Program.run(edit, environment: ["VISUAL": "cp /dev/null"], of: Program.client)
        #expect(emptied.status == 65 && emptied.errors.contains("kept in"), "\(emptied)")
        let edited = try await Program.run(edit, environment: ["VISUAL": "sed -i s/Kort/Lang/"], of: Program.client)
        #expect(edited.status == 0, "\(edited)")
        let items = try #require(try await delft.does("queue").array)
        #expect(items.compactMap { $0["type"]?.string } == ["meeting.request", "meeting.cancel"])
        let new = try #require(items[0]["handle"]?.string)
        #expect(new != handle && items[1]["subject"]?.string == items[0]["subject"]?.string)
        #expect(try await delft.sees("queue", "show", new).contains("Lang gesprek."))
        try await delft.does("queue", "drop", new, "--with-dependents")
        #expect(try await delft.does("queue").array?.isEmpty == true)
    }

    @Test("many processes that edit, drop and send one change leave it once or not at all") func atOnce()
        async throws
    {
        let office = try await Office()
        let server = try await office.serve()
        let delft = try await Clerk("gm0503/college", at: office, port: server.port)
        let holder = try await Clerk("pv28/accounthouder-haagse-regio", at: office, port: server.port)
        try await delft.syncs()
        var dropped = 0
        for _ in 0..<6 {
            let handle = try await requested(delft, syncing: false)
            let commands =
                (0..<4).map { ["queue", "edit", handle, "--text", "Versie \($0)."] }
                + [["queue", "drop", handle], ["sync"], ["sync"]]
            let runs = try await withThrowingTaskGroup(of: (drops: Bool, status: Int32).self) { group in
                for command in commands {
                    group.addTask { (command.contains("drop"), try await delft.tries(command).status) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(runs.allSatisfy { [0, 65, 75].contains($0.status) }, "\(runs)")
            let isDropped = runs.contains { $0.drops && $0.status == 0 }
            if isDropped { dropped += 1 }
            let deciding = runs.count { $0.status == 0 } - 2
            #expect(deciding <= 1, "one decision counts: \(runs)")
        }
        try await delft.syncs()
        #expect(try await delft.does("queue").array?.isEmpty == true)
        try await holder.syncs()
        #expect(try await holder.does("meetings").array?.count == 6 - dropped)
        #expect(await server.stop() == 0)
    }

    @Test("what is older than a day is said loudly by queue, status and sync") func overdue() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let delft = try await Clerk("gm0503/college", at: office, port: server.port)
        try await delft.syncs()
        let id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
        let line =
            #"{"v":1,"id":"\#(id)","type":"poll.open","subject":"poll/\#(id)","author":"gm0503/college","#
            + #""time":"2026-03-20T10:00:00Z","body":{}}"#
        let store = try SQLiteClientStore(path: delft.home + "/" + delft.profile + "/store.sqlite")
        try await store.enqueue(try Change(line: Array(line.utf8)), line: Array(line.utf8), key: nil)
        for command in [["queue"], ["status"], ["sync"]] {
            let run = try await delft.tries(command)
            #expect(run.errors.contains("ATTENTION: 1 in the queue is older than a day"), "\(command): \(run)")
            let json = try await delft.tries(command + ["--json"])
            #expect(
                json.output.contains(command == ["queue"] ? #""overdue":true"# : #""overdueInQueue":1"#), "\(json)")
        }
        // An older server doesn't know it: it is refused, kept as it is, and goes to one that does.
        let items = try await store.outbox()
        #expect(items.map(\.line) == [Array(line.utf8)])
        #expect(try await delft.does("queue").array?.first?["code"]?.string == "unknown-type")
        #expect(await server.stop() == 0)
    }

    /// Asks for a conversation, and answers its handle.
    private func requested(_ clerk: Clerk, syncing: Bool = true) async throws -> String {
        if syncing { try await clerk.syncs() }
        let request = try await clerk.does(
            "meeting", "request", "--theme", "Wonen", "--slot", "2099-05-12 19:30-21:00", "--note", "Kort gesprek.")
        if syncing { try await clerk.syncs() }
        return String(try #require(request["id"]?.string).suffix(8))
    }
}
