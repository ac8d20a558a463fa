import RegiopostModel
import Testing

@Suite("Changes as lines") struct ChangeTests {
    static let id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

    private func line(_ replacing: String = "", _ with: String = "") -> [UInt8] {
        let text = """
            {"v":1,"id":"\(Self.id)","type":"meeting.request","subject":"meeting/\(Self.id)",\
            "author":"gm0503/college","time":"2026-03-27T10:00:00Z","body":{"kind":"conversation",\
            "accounthouder":"pv28/accounthouder-haagse-regio","slots":["2026-05-12T19:30/21:00"],"later":1},"x":true}
            """
        if replacing.isEmpty { return Array(text.utf8) }
        return Array(text.replacing(replacing, with: with, maxReplacements: 1).utf8)
    }

    private func refusal(_ bytes: [UInt8]) -> Refusal? {
        do {
            _ = try Change(line: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("fields that this version doesn't know are passed over") func unknownFields() throws {
        let change = try Change(line: line())
        #expect(change.type == .meetingRequest && change.after == nil && change.needs.isEmpty)
    }

    @Test(
        "a wrong field names itself",
        arguments: [
            ("\"v\":1", "\"v\":2", "unknown-version", nil), ("\"v\":1,", "", "missing-field", "v"),
            ("\"id\":\"0", "\"id\":\"Z", "bad-field", "id"),
            ("2026-03-27T10", "2026-03-27 10", "bad-field", "time"),
            ("gm0503/college", "gm0503/koning", "bad-field", "author"),
            ("conversation", "chat", "bad-field", "body.kind"),
            ("19:30", "25:30", "bad-field", "body.slots[0]"),
            ("meeting/017", "meeting/018", "subject-mismatch", nil),
            ("\"kind\":\"conversation\",", "", "missing-field", "body.kind"),
            ("\"x\":true", "\"v\":1", "bad-json", nil),
        ]) func wrongField(replacing: String, with: String, code: String, field: String?)
    {
        let refusal = refusal(line(replacing, with))
        #expect(refusal?.code.rawValue == code)
        #expect(field == nil || refusal?.details["field"] == field)
    }

    @Test("a type from the future is read, kept and never built upon") func unknownType() throws {
        let text = String(decoding: line(), as: UTF8.self).replacing("meeting.request", with: "meeting.later")
        let change = try Change(line: Array(text.utf8))
        #expect(change.type == nil && change.typeName == "meeting.later")
        var subject = Subject(id: change.subject)
        try subject.apply(change, receivedAt: nil)
        #expect(subject.unknownChanges == 1 && subject.state == nil)
        #expect(throws: Refusal(.unknownType, ["type": "meeting.later"])) {
            try Rules.judge(change, from: change.author, in: Correspondence(), receivedAt: nil)
        }
    }

    @Test("every code tells when trying again helps") func retry() {
        #expect(RefusalCode.conflict.retry == .afterSync)
        #expect(RefusalCode.unavailable.retry == .later)
        #expect(RefusalCode.dossierMissing.retry == .never)
    }

    @Test("in a change a slot has one spelling") func slotSpelling() {
        let refusal = refusal(line("12T19:30/21", "12 19:30-21"))
        #expect(refusal?.code == .badField && refusal?.details["field"] == "body.slots[0]")
    }

    @Test("a line longer than any server takes is refused before it is queued") func tooLong() {
        let fits = line("\"x\":true", "\"x\":\"\"")
        let filling = String(repeating: "a", count: Change.maximumLine - fits.count)
        #expect(refusal(line("\"x\":true", "\"x\":\"\(filling)\"")) == nil)
        let expected = Refusal(.lineTooLong, ["limit": "1048576"])
        #expect(refusal(line("\"x\":true", "\"x\":\"\(filling)a\"")) == expected)
    }

    @Test("a type from the future may be about what there is no word for yet") func unknownSubject() throws {
        let text = String(decoding: line("meeting.request", "poll.open"), as: UTF8.self)
        let change = try Change(line: Array(text.replacing("meeting/", with: "poll/").utf8))
        #expect(change.subject.text == "poll/" + Self.id && change.type == nil)
        var world = Correspondence()
        world.take(change, receivedAt: nil)
        #expect(world.subject(change.subject)?.unknownChanges == 1 && world.misfits.isEmpty)
        #expect(refusal(line("meeting/", "poll/"))?.code == .subjectMismatch)
        for name in ["poll", "Poll/1", "poll/", "a b/1", "/1", "poll/ü"] {
            #expect(SubjectID(name) == nil)
        }
    }

    @Test("white space is no text, whatever is combined with it") func whiteSpace() {
        for text in [" ", "\u{A0}\u{2003}", "\\n\\t"] {
            #expect(refusal(line("\"later\":1", "\"note\":\"\(text)\""))?.details["field"] == "body.note")
        }
        #expect(refusal(line("\"later\":1", "\"note\":\" \u{301}\"")) == nil)
    }

    @Test("an organisation is in one region of each classification") func classifications() {
        let regions = #"[{"classification":"zorg","region":"aa"},{"classification":"zorg","region":"bb"}]"#
        let text = """
            {"v":1,"id":"\(Self.id)","type":"organisation.set","subject":"organisation/gm0503",\
            "author":"pv28/regiopostd","time":"2026-03-27T10:00:00Z","body":{"code":"gm0503","name":"Delft",\
            "shortName":"Delft","regions":\(regions)}}
            """
        #expect(refusal(Array(text.utf8))?.details["field"] == "body.regions[1].classification")
    }

    @Test("a change that doesn't fit leaves nothing behind") func misfit() throws {
        let step = String(decoding: line("meeting.request", "meeting.accept"), as: UTF8.self)
        let change = try Change(line: Array(step.utf8))
        var world = Correspondence()
        world.take(change, receivedAt: nil)
        #expect(world.misfits == [change.id] && world.subjects.isEmpty)
    }
}
