import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("Files that changes cite") struct FileReferenceTests {
    private func digest(_ byte: UInt8 = 7) throws -> Digest {
        try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
    }

    private func file(_ name: String) throws -> FileReference {
        try #require(FileReference(name: name, media: "application/pdf", size: 12, digest: try digest()))
    }

    private func letter(attachments: Int, _ files: [FileReference]) throws -> ChangeBody {
        guard case .letterPublish(let letter) = try Story().letter() else { throw Refusal(.badField) }
        return .letterPublish(
            LetterContent(
                dossier: letter.dossier, document: letter.document, date: letter.date, title: letter.title,
                region: letter.region, attachments: attachments, files: files, recipients: letter.recipients,
                copies: letter.copies, text: letter.text))
    }

    @Test("a letter's files are read back as written, in order, and are what the change cites") func written()
        throws
    {
        var story = try Story()
        let files = [try file("kaart.pdf"), try file("Begroting 2026 (definitief).pdf")]
        let change = try story.accept(
            Story.secretariaat, nil, .letterPublish, try letter(attachments: 2, files))
        #expect(change.body.files == files)
        #expect(try Change(line: change.line()).body.files == files)
    }

    @Test("Letter | Bijlagen: the count must match what is attached") func counted() throws {
        var story = try Story()
        let one = [try file("kaart.pdf")]
        for count in [0, 2] {
            let body = try letter(attachments: count, one)
            let change = try story.change(Story.secretariaat, nil, .letterPublish, body)
            #expect(try story.refusal(change) == .badField)
        }
        let paper = try letter(attachments: 3, [])
        #expect(try story.refusal(Story.secretariaat, nil, .letterPublish, paper) == nil)
    }

    @Test("a change without files is written as it always was") func absent() throws {
        var story = try Story()
        let change = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        #expect(!String(decoding: change.line(), as: UTF8.self).contains("\"files\""))
        #expect(change.body.files.isEmpty)
    }

    @Test(
        "names are what people may see",
        arguments: [("é.pdf", true), ("a\\b", true), ("\u{200F}a", false), ("", false)]
    )
    func names(name: String, isFine: Bool) throws {
        let made = FileReference(name: name, media: "text/plain", size: 1, digest: try digest())
        #expect((made != nil) == isFine)
    }

    @Test("the longest name, media type and file fit") func longest() throws {
        let long = String(repeating: "a", count: 127)
        let name = String(repeating: "n", count: FileReference.maximumName)
        let size = FileReference.maximumSize
        let made = try #require(
            FileReference(name: name, media: long + "/" + long, size: size, digest: try digest()))
        var story = try Story()
        let change = try story.accept(Story.secretariaat, nil, .letterPublish, try letter(attachments: 1, [made]))
        #expect(change.body.files == [made])
        #expect(FileReference(name: name + "n", media: "a/b", size: 1, digest: try digest()) == nil)
        #expect(FileReference(name: "n", media: long + "a/b", size: 1, digest: try digest()) == nil)
        #expect(FileReference(name: "n", media: "a/b", size: size + 1, digest: try digest()) == nil)
    }
}
