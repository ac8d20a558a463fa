import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("The names in a line") struct ChangeNamesTests {
    /// A line of each kind that a story has.
    private func lines() throws -> [[UInt8]] {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        guard case .letterPublish(let content) = try story.letter() else { preconditionFailure("a letter") }
        let digest = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
        let file = try #require(FileReference(name: "kaart.pdf", media: "application/pdf", size: 3, digest: digest))
        try story.accept(Story.secretariaat, nil, .letterPublish, .letterPublish(content.with(files: [file])))
        let delft = try #require(OrganisationCode("gm0503"))
        try story.accept(
            "gm0503/college", .response(letter: letter.id, organisation: delft), .responseSubmit,
            try story.response())
        return story.accepted.map { $0.line() }
    }

    @Test("are those of the change, whatever is around them") func same() throws {
        for line in try lines() {
            let change = try Change(line: line)
            let text = String(decoding: line, as: UTF8.self)
            let id = change.id.text
            for other in [
                text, text.replacing("{\"v\":1,", with: "{ \"v\" : 1 , "),
                text.replacing("\"v\":1,", with: "").replacing(
                    "\"id\":\"\(id)\",", with: "\"id\":\"\(id)\",\"v\":1,"),
                text.replacing("\"subject\"", with: "\"\\u0073ubject\""),
                text.replacing("\"files\"", with: "\"\\u0066iles\""),
                text.replacing("\"files\":", with: "\"files\" : "),
            ] {
                let names = try #require(ChangeNames(line: Array(other.utf8)), "\(other)")
                #expect(names.id == change.id && names.subject == change.subject.text, "\(other)")
                #expect(names.files == change.body.files.count, "\(other)")
            }
        }
    }

    @Test("files are counted where there are any") func files() throws {
        #expect(try lines().compactMap { ChangeNames(line: $0)?.files }.reduce(0, +) == 1)
    }

    @Test("a line that nobody can read has none", arguments: ["", "{", "[]", "{\"v\":1,\"id\":\"", "{\"v\":2}"])
    func unreadable(text: String) { #expect(ChangeNames(line: Array(text.utf8)) == nil) }
}
