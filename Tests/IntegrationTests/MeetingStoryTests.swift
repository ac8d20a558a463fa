import RegiopostJSON
import RegiopostTestSupport
import Testing

/// Whole lives of meetings, played by processes over TLS.
@Suite("From a request to an agreement done", .timeLimit(.minutes(5))) struct MeetingStoryTests {
    @Test(
        "a regional knowledge session: one date for two councils, moved, held, and what came of it, seen by all three"
    )
    func knowledgeSession() async throws {
        let office = try await Office()
        let server = try await office.serve()
        let delft = try await Clerk("gm0503/college", at: office, port: server.port)
        let denHaag = try await Clerk("gm0518/griffie", at: office, port: server.port)
        let holder = try await Clerk("pv28/accounthouder-haagse-regio", at: office, port: server.port)
        for clerk in [delft, denHaag, holder] { try await clerk.syncs() }

        let request = try await delft.does(
            "meeting", "request", "--kind", "knowledge-session", "--invite-region", "--theme", "Netcongestie",
            "--support", "knowledge", "--spoken", "nl", "--online", "--size", "30",
            "--slot", "2099-05-12 09:00-12:00", "--slot", "2099-05-19 13:00-17:00")
        let handle = String(try #require(request["id"]?.string).suffix(8))
        try await delft.syncs()
        try await denHaag.syncs()
        try await denHaag.does("meeting", "join", handle, "--slot", "2099-05-13 09:00-12:00")
        try await denHaag.syncs()
        try await holder.syncs()
        try await noCommonSlot(holder, handle)

        // The later join takes the place of the earlier one.
        try await denHaag.does("meeting", "join", handle, "--slot", "2099-05-19 14:00-18:00")
        try await denHaag.syncs()
        try await holder.syncs()
        try await holder.does("meeting", "propose", handle, "--common", "--length", "90", "--place", "online")
        try await holder.syncs()
        try await delft.syncs()
        #expect(try await delft.does("meeting", "show", handle)["slot"]?.string == "2099-05-19T14:00/15:30")
        try await delft.does("meeting", "accept", handle)
        try await delft.syncs()
        try await holder.syncs()
        try await holder.does("meeting", "confirm", handle)
        try await holder.syncs()
        try await move(handle, delft, holder)

        let agreement = try await hold(handle, holder)
        try await finish(agreement, delft, denHaag, holder)
        #expect(await server.stop() == 0)
    }

    private func noCommonSlot(_ holder: Clerk, _ handle: String) async throws {
        let shown = try await holder.does("meeting", "show", handle)
        #expect(shown["common"]?.array?.isEmpty == true && shown["kind"]?.string == "knowledge-session")
        let run = try await holder.tries(["meeting", "propose", handle, "--common"])
        #expect(run.status == 65 && run.errors.contains("2099-05-12 09:00-12:00 (doesn't suit Den Haag)"))
        #expect(try await holder.refused("meeting", "propose", handle, "--common") == "no-common-slot")
        #expect(try await holder.refused("agreement", "record", handle, "--text", "Een lijst.") == "illegal-step")
    }

    /// Delft asks for another date, which the account holder fixes.
    private func move(_ handle: String, _ delft: Clerk, _ holder: Clerk) async throws {
        try await delft.syncs()
        try await delft.does(
            "meeting", "reschedule", handle, "--slot", "2099-05-26 13:00-17:00", "--reason", "Raadsvergadering.")
        try await delft.syncs()
        try await holder.syncs()
        try await holder.does("meeting", "confirm", handle, "--slot", "2099-05-26 14:00-15:30")
        let shown = try await holder.does("meeting", "show", handle)
        #expect(shown["confirmedBefore"]?.string == "2099-05-19T14:00/15:30")
        #expect(shown["accepted"]?.bool == true && shown["sequence"]?.integer == 5)
        #expect(shown["notSuited"]?.array?.compactMap(\.string) == ["gm0518"])
    }

    /// Minutes, agreement and programme are queued in one go, without a connection in between.
    private func hold(_ handle: String, _ holder: Clerk) async throws -> String {
        try await holder.does(
            "meeting", "hold", handle, "--minutes", "Besproken: netcongestie.", "--present", "Delft", "--present",
            "gm0518")
        let record = try await holder.does(
            "agreement", "record", handle, "--text", "Delft levert een lijst van bedrijven.", "--owner", "Delft",
            "--due", "2020-01-01", "--theme", "Netcongestie", "--confidentiality", "zaakvertrouwelijk")
        let agreement = String(try #require(record["id"]?.string).suffix(8))
        try await holder.does("programme", "start", "Samen verder", "--with", "Delft", "--with", "Rijswijk")
        try await holder.does("programme", "include", "Samen verder", agreement)
        let sent = try await holder.does("sync")
        #expect(sent["refused"]?.array?.isEmpty == true && sent["sent"]?.array?.count == 5)
        return agreement
    }

    /// Both municipalities see the same agreement; its owner reports and finishes it.
    private func finish(_ agreement: String, _ delft: Clerk, _ denHaag: Clerk, _ holder: Clerk) async throws {
        for clerk in [delft, denHaag] {
            try await clerk.syncs()
            let shown = try await clerk.does("agreement", "show", agreement)
            #expect(shown["status"]?.string == "open" && shown["overdue"]?.bool == true)
            #expect(shown["confidentiality"]?.string == "zaakvertrouwelijk")
            #expect(try await clerk.sees("agreement", "list", "--overdue").contains("OVERDUE"))
        }
        #expect(try await denHaag.refused("agreement", "complete", agreement) == "not-allowed")
        #expect(try await denHaag.does("programme", "list").array?.isEmpty == true)
        #expect(
            try await delft.sees("programme", "list").contains(
                "Samen verder  [1 open, 0 done, 0 dropped, 1 overdue]"))
        try await delft.does("agreement", "progress", agreement, "--note", "Zes van de tien.", "--percent", "60")
        try await delft.does("agreement", "complete", agreement, "--note", "De lijst is er.")
        try await delft.syncs()
        for clerk in [denHaag, holder] { try await clerk.syncs() }
        let all = [
            try await delft.does("agreement", "show", agreement),
            try await denHaag.does("agreement", "show", agreement),
            try await holder.does("agreement", "show", agreement),
        ]
        #expect(all[0] == all[1] && all[1] == all[2])
        #expect(all[0]["status"]?.string == "done" && all[0]["percent"]?.integer == 60)
        let programme = try await holder.does("programme", "show", "Samen verder")
        #expect(programme["done"]?.integer == 1 && programme["open"]?.integer == 0)
        #expect(try await holder.refused("agreement", "drop", agreement, "--reason", "Te laat.") == "illegal-step")
    }
}
