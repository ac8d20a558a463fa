import RegiopostModel
import Testing

@Suite("Subjects and digests") struct SubjectIDTests {
    static let id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

    @Test(
        "subjects are read and written the same",
        arguments: [
            "letter/\(id)", "receipt/\(id)/gm0503/college", "response/\(id)/gm0503", "term/\(id)/gm0503",
            "meeting/\(id)",
            "organisation/gm0503", "region/haagse-regio",
        ]) func roundTrip(text: String)
    {
        #expect(SubjectID(text)?.text == text)
    }

    @Test(
        "what is no subject is refused",
        arguments: [
            "letter", "letter/", "letter/\(id)/", "receipt/\(id)", "receipt/\(id)/gm0503",
            "response/\(id)/gm0503/x",
            "organisation/delft", "region/Haagse Regio", "Brief/\(id)", "",
        ]) func refused(text: String)
    {
        #expect(SubjectID(text) == nil)
    }

    @Test("digests are 32 bytes with one spelling") func digests() {
        let bytes = (0..<32).map { UInt8($0 * 7) }
        let digest = Digest(bytes: bytes)
        #expect(digest?.bytes == bytes)
        #expect(digest.flatMap { Digest($0.text) } == digest)
        #expect(digest.flatMap { Digest($0.text.uppercased()) } == nil)
        #expect(Digest(bytes: bytes.dropLast()) == nil)
    }
}
