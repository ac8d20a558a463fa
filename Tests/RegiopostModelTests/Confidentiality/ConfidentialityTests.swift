import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Confidentiality") struct ConfidentialityTests {
    private func meeting(_ kind: MeetingContent.Kind, _ level: Confidentiality?, invited: [String] = []) throws
        -> ChangeBody
    {
        .meetingRequest(
            MeetingContent(
                kind: kind, accounthouder: try #require(Address(Story.accounthouder)),
                invited: invited.compactMap(OrganisationCode.init(_:)), confidentiality: level))
    }

    private func mailboxes(_ story: inout Story, _ change: Change) throws -> Set<String> {
        Set(try story.send(change).mailboxes.map(\.text))
    }

    @Test("the levels stand in the order of ZGW") func order() {
        #expect(Confidentiality.allCases == Confidentiality.allCases.sorted())
        #expect(
            Confidentiality.allCases.map(\.rawValue) == [
                "openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel",
                "geheim", "zeer_geheim",
            ])
        #expect(Confidentiality.standard == .intern)
    }

    @Test("every role stands in the table once, with the clearance that it has") func table() throws {
        let named = Clearance.table.flatMap(\.roles)
        #expect(Set(named).count == named.count)
        let plain = Role.names(at: .municipality) + Role.names(at: .province)
        #expect(Set(named) == Set(plain + ["accounthouder-REGION"]))
        for row in Clearance.table {
            for name in row.roles {
                let role = try #require(Role(name.replacing("REGION", with: "haagse-regio")))
                #expect(role.clearance == row.level, "\(name)")
            }
        }
    }

    @Test("the specification prints the table") func printed() throws {
        let text = try ProtocolFiles.text("specification.md")
        for row in Clearance.table {
            let roles = row.roles.map { "`" + $0 + "`" }.joined(separator: ", ")
            #expect(text.contains("| \(roles) | `\(row.level.rawValue)` | \(row.reason) |\n"), "\(roles)")
        }
    }

    @Test("who isn't cleared sees nothing of it, and the others all of it") func audience() throws {
        var story = try Story()
        let open = try mailboxes(
            &story, story.change("gm0503/college", nil, .meetingRequest, meeting(.conversation, nil)))
        #expect(
            open.isSuperset(of: ["gm0503/formateur", "gm0503/registratuur", "gm0503/college", Story.accounthouder]))
        let secret = try mailboxes(
            &story, story.change("gm0503/college", nil, .meetingRequest, meeting(.conversation, .geheim)))
        #expect(
            secret == ["gm0503/college", "gm0503/gemeentesecretaris", "gm0503/burgemeester", Story.accounthouder])
    }

    @Test("nobody writes what they may not read, nor sends it to who may not") func notCleared() throws {
        var story = try Story()
        #expect(
            try story.refusal("gm0503/formateur", nil, .meetingRequest, meeting(.conversation, .geheim))
                == .notCleared)
        guard case .letterPublish(let letter) = try story.letter() else { return }
        func content(_ level: Confidentiality?, copies: [String]) -> ChangeBody {
            .letterPublish(
                LetterContent(
                    dossier: letter.dossier, document: letter.document, date: letter.date, title: letter.title,
                    region: letter.region, recipients: letter.recipients,
                    copies: copies.compactMap(Address.init(_:)), confidentiality: level, text: letter.text))
        }
        let change = try story.change(
            Story.secretariaat, nil, .letterPublish, content(.vertrouwelijk, copies: ["gm0503/raadslid"]))
        let refusal = Refusal(
            .notCleared, ["address": "gm0503/raadslid", "level": "vertrouwelijk", "clearance": "beperkt_openbaar"])
        #expect(throws: refusal) { try story.send(change) }
        // Without a level a letter is intern.
        let plain = content(nil, copies: ["gm0503/raadslid"])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, plain) == .notCleared)
        let open = content(.beperktOpenbaar, copies: ["gm0503/raadslid"])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, open) == nil)
    }

    @Test("a newer version that is more confidential leaves out who isn't cleared for it") func raised() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let subject = SubjectID.response(letter: letter.id, organisation: try #require(OrganisationCode("gm0503")))
        func answer(_ level: Confidentiality?) throws -> ChangeBody {
            guard case .responseSubmit(let content) = try story.response() else { throw Refusal(.badField) }
            return .responseSubmit(
                ResponseContent(
                    route: content.route, roles: content.roles,
                    answer: AnswerContent(dossier: content.dossier, text: content.text, confidentiality: level)))
        }
        let first = try mailboxes(&story, story.change("gm0503/college", subject, .responseSubmit, answer(nil)))
        #expect(first.contains("gm0503/griffie"))
        let second = try mailboxes(
            &story, story.change("gm0503/college", subject, .responseSubmit, answer(.confidentieel)))
        #expect(
            first.subtracting(second).map(\.self).sorted() == [
                "gm0503/formateur", "gm0503/griffie", "gm0503/registratuur", "pv28/registratuur",
            ])
    }

    @Test("a level that isn't one of the eight is named") func unknownLevel() throws {
        var story = try Story()
        let change = try story.change("gm0503/college", nil, .meetingRequest, meeting(.conversation, .geheim))
        let line = String(decoding: change.line(), as: UTF8.self).replacing("\"geheim\"", with: "\"Geheim\"")
        let refusal = #expect(throws: Refusal.self) { try Change(line: Array(line.utf8)) }
        #expect(refusal?.code == .badField && refusal?.details["field"] == "body.confidentiality")
    }
}
