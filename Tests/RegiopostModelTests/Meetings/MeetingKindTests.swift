import RegiopostModel
import RegiopostTestSupport
import Testing

/// What sorts of meeting there are, in the words of the letter.
@Suite("Kinds of meeting") struct MeetingKindTests {
    private static let municipal: [Role] = [
        .formateur, .college, .gemeentesecretaris, .burgemeester, .griffie, .raadslid, .registratuur,
    ]

    private func check(_ kind: MeetingContent.Kind, _ expected: Set<Role>) throws {
        for role in Self.municipal {
            var story = try Story()
            let body = try story.meeting(kind, invited: ["gm0518"])
            let change = try story.change("gm0503/\(role.text)", nil, .meetingRequest, body)
            guard expected.contains(role) else {
                #expect(try story.refusal(change) == .notAllowed, "\(role)")
                continue
            }
            let seen = Set(try story.send(change).mailboxes.map(\.text))
            let readers: Set<Role> = expected.contains(.college) ? [.registratuur, .burgemeester] : [.registratuur]
            let roles = expected.union(readers).flatMap { ["gm0503/\($0.text)", "gm0518/\($0.text)"] }
            #expect(seen == Set(roles + [Story.accounthouder, "pv28/registratuur"]))
        }
    }

    @Test("“Uw regio-accounthouder staat klaar …”: a conversation") func conversation() throws {
        try check(.conversation, [.formateur, .college, .gemeentesecretaris])
    }

    @Test("“bijdragen aan de inwerkperiode van raadsleden … per gemeente of regio op maat”: a council briefing")
    func briefing() throws { try check(.briefing, [.griffie]) }

    @Test("“kennissessies, webinars en workshops”: a knowledge session") func knowledgeSession() throws {
        try check(.knowledgeSession, [.college, .gemeentesecretaris, .griffie])
    }

    @Test("“Expertteam Realisatie Woningbouw, Vliegende Brigade”: an expert team") func expertTeam() throws {
        try check(.expertTeam, [.formateur, .college, .gemeentesecretaris])
    }

    @Test("six kinds of support can be asked for with a meeting") func support() throws {
        var story = try Story()
        let content = MeetingContent(
            kind: .expertTeam, accounthouder: try #require(Address(Story.accounthouder)), online: true,
            language: LanguageTag("nl"), support: SupportKind.allCases, team: "Expertteam Realisatie Woningbouw")
        let request = try story.accept("gm0503/formateur", nil, .meetingRequest, .meetingRequest(content))
        guard case .meeting(let meeting) = story.world.subject(request.subject)?.state else {
            Issue.record("no meeting")
            return
        }
        #expect(meeting.content == content && meeting.content.support.count == 6)
    }

    @Test("a language has one spelling") func languages() {
        for text in ["nl", "en", "pap", "nl-BE", "fy"] { #expect(LanguageTag(text)?.text == text) }
        for text in ["", "n", "NL", "dutch", "nl-", "-BE", "nl-be", "nl-BEL", "nl-BE-x", "nl_BE", "nł"] {
            #expect(LanguageTag(text) == nil, "\(text)")
        }
    }
}
