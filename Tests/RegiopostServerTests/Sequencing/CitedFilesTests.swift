import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostServer

@Suite("Changes that cite files, judged by the server") struct CitedFilesTests {
    private let journal = InMemoryJournal(epoch: "e")
    private let map = Service.digest([1])
    private let other = Service.digest([2])

    /// A sequencer for which the secretariat has uploaded a map of 12 bytes, and nobody anything else.
    private func sequencer() -> Sequencer {
        let map = map
        return Sequencer(
            journal: journal, clock: { Timestamp(milliseconds: 1_774_000_000_000) }, digest: Service.digest,
            announce: { _ in }, failed: { _ in },
            standing: { file, address in
                guard file.digest == map else { return BlobDesk.Standing(size: nil, isUploaded: false) }
                return BlobDesk.Standing(
                    size: 12, isUploaded: address.text == Story.secretariaat && file.size == 12)
            })
    }

    private func file(_ digest: Digest, size: Int = 12) throws -> FileReference {
        try #require(FileReference(name: "kaart.pdf", media: "application/pdf", size: size, digest: digest))
    }

    private func letter(_ story: Story, _ files: [FileReference]) throws -> ChangeBody {
        guard case .letterPublish(let plain) = try story.letter() else { throw Refusal(.badField) }
        return .letterPublish(
            LetterContent(
                dossier: plain.dossier, document: plain.document, date: plain.date, title: plain.title,
                region: plain.region, attachments: files.count, files: files, recipients: plain.recipients,
                copies: plain.copies, text: plain.text))
    }

    private func response(_ story: Story, _ files: [FileReference]) throws -> ChangeBody {
        .responseSubmit(
            ResponseContent(
                route: try story.route(), roles: [.formateur, .griffie],
                answer: AnswerContent(dossier: DossierNumber(Story.dossier), text: "Graag.", files: files)))
    }

    private func refusal(_ change: Change, _ sequencer: Sequencer) async -> Refusal? {
        if case .refused(let refusal) = await sequencer.submit(change.line(), from: change.author) {
            refusal
        } else {
            nil
        }
    }

    @Test("a file counts for who uploaded it, and for who sees a change that cites it") func presence() async throws
    {
        var story = try Story()
        let sequencer = sequencer()
        for change in story.accepted { #expect(await refusal(change, sequencer) == nil) }
        let missing = try story.change(
            Story.secretariaat, nil, .letterPublish, try letter(story, [try file(other)]))
        let answer = await refusal(missing, sequencer)
        #expect(answer?.code == .blobMissing)
        #expect(answer?.details == ["name": "kaart.pdf", "sha256": other.text])
        let published = try story.accept(
            Story.secretariaat, nil, .letterPublish, try letter(story, [try file(map)]))
        let early = SubjectID.response(letter: published.id, organisation: try #require(OrganisationCode("gm0503")))
        #expect(await refusal(published, sequencer) == nil)
        #expect(try await journal.subjects(citing: map) == [published.subject])
        // Delft sees the letter, so it may send the map back; one of another size it may not.
        let wrong = try story.change(
            "gm0503/college", early, .responseSubmit, try response(story, [try file(map, size: 11)]))
        #expect(
            await refusal(wrong, sequencer)
                == Refusal(.badField, ["field": "body.files[0].size", "expected": "12"]))
        let right = try story.accept("gm0503/college", early, .responseSubmit, try response(story, [try file(map)]))
        #expect(await refusal(right, sequencer) == nil)
        #expect(Set(try await journal.subjects(citing: map)) == [published.subject, right.subject])
        // Sent again, it gets its first receipt, whatever became of the file.
        #expect(await refusal(right, sequencer) == nil)
    }

    @Test("a digest that somebody merely knows opens nothing") func stranger() async throws {
        var story = try Story()
        let sequencer = sequencer()
        for change in story.accepted { #expect(await refusal(change, sequencer) == nil) }
        let published = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        #expect(await refusal(published, sequencer) == nil)
        let subject = SubjectID.response(
            letter: published.id, organisation: try #require(OrganisationCode("gm0503")))
        let change = try story.change(
            "gm0503/college", subject, .responseSubmit, try response(story, [try file(map)]))
        #expect(await refusal(change, sequencer)?.code == .blobMissing)
        #expect(try await journal.subjects(citing: map) == [])
    }

    @Test("what can't be found out now may be sent again later") func unavailable() async throws {
        struct Broken: Error {}
        let sequencer = Sequencer(
            journal: journal, clock: { Timestamp(milliseconds: 1_774_000_000_000) }, digest: Service.digest,
            announce: { _ in }, failed: { _ in }, standing: { _, _ in throw Broken() })
        var story = try Story()
        for change in story.accepted { #expect(await refusal(change, sequencer) == nil) }
        let change = try story.accept(Story.secretariaat, nil, .letterPublish, try letter(story, [try file(map)]))
        #expect(await refusal(change, sequencer)?.code == .unavailable)
    }
}
