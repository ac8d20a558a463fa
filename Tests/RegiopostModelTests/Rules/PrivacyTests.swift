import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("What must not be in any change") struct PrivacyTests {
    private func refusal(_ author: String, _ subject: SubjectID?, _ type: ChangeType, _ body: ChangeBody) throws
        -> Refusal?
    {
        var story = try Story()
        do {
            try story.send(try story.change(author, subject, type, body))
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }

    @Test("Personal data: a BSN never belongs here; it is refused with field and line, and repeated nowhere")
    func bsn() throws {
        let accounthouder = try #require(Address(Story.accounthouder))
        func request(_ themes: [String], _ note: String?) -> ChangeBody {
            .meetingRequest(
                MeetingContent(kind: .conversation, accounthouder: accounthouder, themes: themes, note: note))
        }
        let note = request(["Wonen"], "Over de aanvraag.\nDe inwoner heeft 123456782.")
        let found = try #require(try refusal("gm0503/college", nil, .meetingRequest, note))
        #expect(found == Refusal(.bsnFound, ["field": "body.note", "line": "2"]))
        for language in Language.allCases {
            #expect(!found.text(language).contains("123456782") && found.text(language).contains("body.note"))
        }
        let theme = try refusal("gm0503/college", nil, .meetingRequest, request(["Wonen", "BSN 123456782"], nil))
        #expect(theme?.details["field"] == "body.themes[1]")
    }

    @Test("in answers and letters as well, and not in a reference that is so called") func texts() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let delft = try #require(OrganisationCode("gm0503"))
        let subject = SubjectID.response(letter: letter.id, organisation: delft)
        func answer(_ text: String, reference: String?) throws -> ChangeBody {
            .responseSubmit(
                ResponseContent(
                    route: try story.route(), roles: [.formateur, .griffie],
                    dossier: DossierNumber(Story.dossier), text: text, reference: reference))
        }
        let bad = try answer("Voor 123.456.782.", reference: nil)
        #expect(try story.refusal("gm0503/college", subject, .responseSubmit, bad) == .bsnFound)
        let good = try answer("Voor zaaknummer 123456782.", reference: "123456782")
        #expect(try story.refusal("gm0503/college", subject, .responseSubmit, good) == nil)
        let reason = ChangeBody.letterWithdraw(reason: "Bevat burgerservicenummer 12345672.")
        #expect(try story.refusal(Story.secretariaat, letter.subject, .letterWithdraw, reason) == .bsnFound)
    }
}
