import RegiopostModel
import RegiopostTestSupport
import Testing

/// The rows of the table "Who does what" in the domain's description: who reads.
@Suite("Who does what: who reads") struct ReadingRolesTests {
    private func seen(_ verdict: Rules.Verdict, at organisation: String) -> Set<String> {
        Set(
            verdict.mailboxes.map(\.text).filter { $0.hasPrefix(organisation + "/") }.map {
                String($0.dropFirst(7))
            })
    }

    private func requested(_ level: Confidentiality?) throws -> (Story, SubjectID, Rules.Verdict) {
        var story = try Story()
        let content = MeetingContent(
            kind: .briefing, accounthouder: try #require(Address(Story.accounthouder)),
            invited: ["gm0518", "gm0603"].compactMap(OrganisationCode.init(_:)), confidentiality: level)
        let request = try story.change("gm0503/griffie", nil, .meetingRequest, .meetingRequest(content))
        let verdict = try story.send(request)
        return (story, request.subject, verdict)
    }

    @Test("raadslid: reads a briefing once it is confirmed, hears when it is cancelled, and changes nothing")
    func councilMember() throws {
        var (story, subject, first) = try requested(.beperktOpenbaar)
        #expect(seen(first, at: "gm0503") == ["griffie", "registratuur"])
        try story.accept("gm0518/griffie", subject, .meetingJoin, .meeting(.join(slots: [], replaces: [])))
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let confirm = try story.change(
            Story.accounthouder, subject, .meetingConfirm, .meeting(.confirm(slot: slot, place: nil, note: nil)))
        let verdict = try story.send(confirm)
        #expect(seen(verdict, at: "gm0503") == ["griffie", "registratuur", "raadslid"])
        #expect(seen(verdict, at: "gm0518").contains("raadslid"))
        #expect(!seen(verdict, at: "gm0603").contains("raadslid"), "that council doesn't take part")
        let cancel = ChangeBody.meeting(.cancel(reason: "Ziek."))
        #expect(try story.refusal("gm0503/raadslid", subject, .meetingCancel, cancel) == .notAllowed)
        let cancelled = try story.send(story.change("gm0503/griffie", subject, .meetingCancel, cancel))
        #expect(seen(cancelled, at: "gm0503").contains("raadslid"))
    }

    @Test("raadslid: reads nothing that is internal") func internalBriefing() throws {
        var (story, subject, _) = try requested(nil)
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        let confirm = try story.change(
            Story.accounthouder, subject, .meetingConfirm, .meeting(.confirm(slot: slot, place: nil, note: nil)))
        #expect(try !seen(story.send(confirm), at: "gm0503").contains("raadslid"))
    }

    @Test("college, gemeentesecretaris, burgemeester: read all letters, answers and conversations of theirs")
    func executive() throws {
        var story = try Story()
        let executive: Set = ["college", "gemeentesecretaris", "burgemeester"]
        let publish = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        #expect(try seen(story.send(publish), at: "gm0503").isSuperset(of: executive))
        let subject = SubjectID.response(letter: publish.id, organisation: try #require(OrganisationCode("gm0503")))
        let answer = try story.change("gm0503/formateur", subject, .responseSubmit, try story.response())
        #expect(try seen(story.send(answer), at: "gm0503").isSuperset(of: executive))
        let request = try story.change("gm0503/formateur", nil, .meetingRequest, try story.meeting())
        #expect(try seen(story.send(request), at: "gm0503").isSuperset(of: executive))
    }

    @Test("registratuur: reads for the archive on both sides, and writes nothing") func records() throws {
        var story = try Story()
        let publish = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        let letter = try story.send(publish)
        #expect(seen(letter, at: "gm0503").contains("registratuur"))
        #expect(letter.mailboxes.map(\.text).contains("pv28/registratuur"))
        let subject = SubjectID.response(letter: publish.id, organisation: try #require(OrganisationCode("gm0503")))
        let answer = try story.send(
            story.change("gm0503/college", subject, .responseSubmit, try story.response())
        ).mailboxes.map(\.text)
        #expect(answer.contains("gm0503/registratuur") && answer.contains("pv28/registratuur"))
        #expect(!answer.contains("gm0518/registratuur"))
        let body = try story.response()
        #expect(try story.refusal("gm0503/registratuur", subject, .responseSubmit, body) == .notAllowed)
    }
}
