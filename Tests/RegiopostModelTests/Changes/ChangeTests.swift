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
        let text = String(decoding: line(), as: UTF8.self).replacing("meeting.request", with: "meeting.reschedule")
        let change = try Change(line: Array(text.utf8))
        #expect(change.type == nil && change.typeName == "meeting.reschedule")
        var subject = Subject(id: change.subject)
        try subject.apply(change, receivedAt: nil)
        #expect(subject.unknownChanges == 1 && subject.state == nil)
        #expect(throws: Refusal(.unknownType, ["type": "meeting.reschedule"])) {
            try Rules.judge(change, from: change.author, in: Correspondence(), receivedAt: nil)
        }
    }

    @Test("every code tells when trying again helps") func retry() {
        #expect(RefusalCode.conflict.retry == .afterSync)
        #expect(RefusalCode.unavailable.retry == .later)
        #expect(RefusalCode.dossierMissing.retry == .never)
    }
}
