import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("What waits for somebody") struct WorklistTests {
    private let desks = Desks()

    /// A letter to two municipalities with a date, answered by one; a request of Delft's, proposed; a briefing.
    private func story() throws -> Story {
        var story = try Story()
        let letter = try story.accept(
            Story.secretariaat, nil, .letterPublish, try story.letter(due: "2026-05-15"))
        let (delft, hague) = (try #require(OrganisationCode("gm0503")), try #require(OrganisationCode("gm0518")))
        try story.accept(
            "gm0518/college", .response(letter: letter.id, organisation: hague), .responseSubmit,
            try story.response())
        let talk = try story.accept("gm0503/formateur", nil, .meetingRequest, try story.meeting())
        try story.accept(
            Story.accounthouder, talk.subject, .meetingPropose,
            .meeting(.propose(slot: try Story.slot("2026-05-12T10:00/12:00"), place: nil, note: nil)))
        try story.accept("gm0503/griffie", nil, .meetingRequest, try story.meeting(.briefing, invited: ["gm0518"]))
        let route = TermRoute(route: try story.route(), roles: [.formateur, .griffie])
        try story.accept(
            Story.accounthouder, .term(letter: letter.id, organisation: delft), .termRemind,
            .term(.remind(route, note: "Graag voor de vakantie.")))
        return story
    }

    private func list(_ address: String) async throws -> Worklist {
        Worklist(try await desks.workspace(address, knowing: try story()).view())
    }

    private func tasks(_ items: [WorkItem]) -> [String] {
        items.map { $0.task.rawValue + " " + $0.organisation.text }
    }

    @Test("college / gemeentesecretaris: sees what is open, overdue, mine") func college() async throws {
        let list = try await list("gm0503/college")
        #expect(tasks(list.mine) == ["answer gm0503", "reply gm0503"])
        let letter = try #require(list.items.first)
        #expect(letter.deadline == .due(try #require(CalendarDate("2026-05-15"))))
        #expect(letter.reminders == 1 && letter.lastReminder?.note == "Graag voor de vakantie.")
        #expect(list.overdue(on: try #require(CalendarDate("2026-05-15"))).isEmpty)
        #expect(tasks(list.overdue(on: try #require(CalendarDate("2026-05-16")))) == ["answer gm0503"])
    }

    @Test("regio-accounthouder: the region's queue over all municipalities") func accounthouder() async throws {
        let list = try await list(Story.accounthouder)
        #expect(
            Set(tasks(list.items)) == [
                "answer gm0503", "acknowledge gm0518", "reply gm0503", "schedule gm0503", "join gm0518",
            ])
        #expect(Set(tasks(list.mine)) == ["acknowledge gm0518", "schedule gm0503"])
        #expect(list.items.first?.task == .answer)
    }

    @Test("a meeting that was fixed waits for its day, and is overdue until its minutes are there") func meeting()
        async throws
    {
        var story = try story()
        let talk = try #require(
            story.accepted.first { change in
                if case .meetingRequest(let content) = change.body { content.kind == .conversation } else { false }
            })
        let slot = try Story.slot("2026-05-12T10:00/12:00")
        try story.accept(
            Story.accounthouder, talk.subject, .meetingConfirm,
            .meeting(.confirm(slot: slot, place: nil, note: nil)))
        let workspace = try await desks.workspace(Story.accounthouder, knowing: story)
        let held = Worklist(try await workspace.view()).overdue(on: try #require(CalendarDate("2026-05-13")))
        #expect(tasks(held).contains("hold gm0503"))
        try story.accept(
            Story.accounthouder, talk.subject, .meetingHold,
            .meeting(.hold(MeetingStep.Minutes(text: "Besproken."))))
        let after = try await desks.workspace(Story.accounthouder, knowing: story)
        #expect(!tasks(Worklist(try await after.view()).items).contains("hold gm0503"))
    }

    @Test("griffie: a copy is nothing to answer, an invitation waits") func griffie() async throws {
        #expect(tasks(try await list("gm0518/griffie").mine) == ["join gm0518"])
        #expect(tasks(try await list("gm0503/griffie").mine) == [])
    }
}
