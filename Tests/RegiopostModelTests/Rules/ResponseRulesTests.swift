import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Letters, receipts and responses") struct ResponseRulesTests {
    private func published() throws -> (Story, ChangeID) {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        return (story, letter.id)
    }

    private func delft(_ letter: ChangeID) throws -> SubjectID {
        .response(letter: letter, organisation: try #require(OrganisationCode("gm0503")))
    }

    @Test("a letter is seen by sender, account holder, both roles, the executive and both records offices")
    func letterAudience()
        throws
    {
        var story = try Story()
        let change = try story.change(Story.secretariaat, nil, .letterPublish, try story.letter())
        let seen = Set(try story.send(change).mailboxes.map(\.text))
        let municipal = ["gm0503", "gm0518"].flatMap { code in
            ["formateur", "griffie", "college", "gemeentesecretaris", "burgemeester", "registratuur"].map {
                code + "/" + $0
            }
        }
        #expect(seen == Set([Story.secretariaat, Story.accounthouder, "pv28/registratuur"] + municipal))
    }

    @Test("only the secretariat publishes, and only to members of a region it has") func publish() throws {
        var story = try Story()
        let body = try story.letter()
        #expect(try story.refusal("gm0503/griffie", nil, .letterPublish, body) == .notAllowed)
        #expect(try story.refusal("pv27/secretariaat", nil, .letterPublish, body) == .unknownRegion)
        let nowhere = try story.letter(region: "veluwe")
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, nowhere) == .unknownRegion)
        let stranger = try story.letter(to: ["gm0505/formateur"])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, stranger) == .badField)
        let unknown = try story.letter(to: ["gm9999/formateur"])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, unknown) == .unknownOrganisation)
        let twice = try story.letter(to: ["gm0503/formateur", "gm0503/formateur"])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, twice) == .badField)
    }

    @Test("a response cites the dossier of its letter") func dossier() throws {
        var (story, letter) = try published()
        let subject = try delft(letter)
        let author = "gm0503/college"
        let without = try story.response(dossier: nil)
        #expect(try story.refusal(author, subject, .responseSubmit, without) == .dossierMissing)
        let wrong = try story.response(dossier: "DOS-2026-0000043")
        #expect(try story.refusal(author, subject, .responseSubmit, wrong) == .dossierMismatch)
        let verdict = try story.send(story.change(author, subject, .responseSubmit, try story.response()))
        let seen = Set(verdict.mailboxes.map(\.text))
        let roles = ["formateur", "griffie", "college", "gemeentesecretaris", "burgemeester", "registratuur"]
        let municipal = roles.map { "gm0503/" + $0 }
        #expect(seen == Set([Story.secretariaat, Story.accounthouder, "pv28/registratuur"] + municipal))
    }

    @Test("who may answer") func responders() throws {
        var (story, letter) = try published()
        let subject = try delft(letter)
        let body = try story.response()
        #expect(try story.refusal("gm0503/griffie", subject, .responseSubmit, body) == .notAllowed)
        #expect(try story.refusal("gm0518/college", subject, .responseSubmit, body) == .notAllowed)
        #expect(try story.refusal("gm0603/college", subject, .responseSubmit, body) == .letterUnknown)
        #expect(try story.refusal(Story.accounthouder, subject, .responseSubmit, body) == .notAllowed)
        #expect(try story.refusal("gm0503/formateur", subject, .responseSubmit, body) == nil)
    }

    @Test("the certificate decides who wrote a change") func forged() throws {
        var (story, letter) = try published()
        let change = try story.change("gm0503/college", delft(letter), .responseSubmit, try story.response())
        let thief = try #require(Address("gm0518/college"))
        #expect(throws: Refusal(.authorMismatch, ["author": "gm0503/college", "address": "gm0518/college"])) {
            try Rules.judge(change, from: thief, in: story.world, receivedAt: nil)
        }
    }

    @Test("two clerks who both answer offline meet in one subject") func twoClerks() throws {
        var (story, letter) = try published()
        let subject = try delft(letter)
        let first = try story.change("gm0503/college", subject, .responseSubmit, try story.response())
        let second = try story.change("gm0503/gemeentesecretaris", subject, .responseSubmit, try story.response())
        try story.send(first)
        #expect(throws: Refusal(.conflict, ["current": first.id.text])) { try story.send(second) }
    }

    @Test("submitted, acknowledged, replaced, withdrawn") func lifeCycle() throws {
        var (story, letter) = try published()
        let subject = try delft(letter)
        let author = "gm0503/college"
        #expect(
            try story.refusal(author, subject, .responseWithdraw, .responseWithdraw(reason: "x")) == .subjectUnknown
        )
        try story.accept(author, subject, .responseSubmit, try story.response())
        let read = ChangeBody.responseAcknowledge(note: nil)
        #expect(try story.refusal(author, subject, .responseAcknowledge, read) == .notAllowed)
        try story.accept(Story.accounthouder, subject, .responseAcknowledge, read)
        #expect(try story.refusal(Story.accounthouder, subject, .responseAcknowledge, read) == .illegalStep)
        try story.accept(author, subject, .responseSubmit, try story.response())
        try story.accept(author, subject, .responseWithdraw, .responseWithdraw(reason: "Te vroeg."))
        guard case .response(let response) = story.world.subject(subject)?.state else {
            Issue.record("no response")
            return
        }
        #expect(response.history.count == 2 && response.status == .withdrawn(reason: "Te vroeg."))
    }

    @Test("a letter that was taken back is not answered any more") func withdrawnLetter() throws {
        var (story, letter) = try published()
        let reason = ChangeBody.letterWithdraw(reason: "Vergissing.")
        #expect(try story.refusal("gm0503/college", .letter(letter), .letterWithdraw, reason) == .notAllowed)
        try story.accept(Story.secretariaat, .letter(letter), .letterWithdraw, reason)
        let subject = try delft(letter)
        #expect(
            try story.refusal("gm0503/college", subject, .responseSubmit, try story.response()) == .letterWithdrawn)
    }

    @Test("opening commutes, repeats without effect and is one's own") func opened() throws {
        var (story, letter) = try published()
        let address = try #require(Address("gm0503/griffie"))
        let subject = SubjectID.receipt(letter: letter, address: address)
        let body = ChangeBody.receiptOpened(try story.route())
        #expect(try story.refusal("gm0503/college", subject, .receiptOpened, body) == .notAllowed)
        try story.accept("pv28/regiopostd", subject, .receiptDelivered, .receiptDelivered(try story.route()))
        try story.accept("gm0503/griffie", subject, .receiptOpened, body)
        let before = story.world.subject(subject)?.state
        try story.accept("gm0503/griffie", subject, .receiptOpened, body)
        #expect(story.world.subject(subject)?.state == before)
        #expect(story.world.subject(subject)?.lastExact == nil)
    }

    @Test("no refusal tells whether somebody else has answered, or got the letter") func silence() throws {
        var (story, letter) = try published()
        let response = try delft(letter)
        let receipt = SubjectID.receipt(letter: letter, address: try #require(Address("gm0503/griffie")))
        let opened = ChangeBody.receiptOpened(try story.route())
        func stranger(_ story: inout Story) throws -> [RefusalCode?] {
            [
                try story.refusal(
                    "gm0518/college", response, .responseSubmit, try story.response(), after: .some(nil)),
                try story.refusal("gm0518/college", response, .responseWithdraw, .responseWithdraw(reason: "x")),
                try story.refusal("gm0518/griffie", receipt, .receiptOpened, opened),
            ]
        }
        let before = try stranger(&story)
        try story.accept("gm0503/college", response, .responseSubmit, try story.response())
        try story.accept("pv28/regiopostd", receipt, .receiptDelivered, .receiptDelivered(try story.route()))
        #expect(try stranger(&story) == before)
        #expect(before == [.notAllowed, .subjectUnknown, .notAllowed])
    }

    @Test("an entry of the directory is known to all, and set by the server alone") func directory() throws {
        var story = try Story()
        let code = try #require(OrganisationCode("gm0503"))
        let organisation = try #require(story.world.directory.organisations[code])
        let set = ChangeBody.organisationSet(organisation)
        #expect(try story.refusal("gm0503/college", .organisation(code), .organisationSet, set) == .notAllowed)
        #expect(try story.refusal("pv28/regiopostd", .organisation(code), .organisationSet, set) == nil)
    }
}
