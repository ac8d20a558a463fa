import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostServer

@Suite("Receipts of delivery") struct DeliveryRecorderTests {
    private struct Office {
        let journal = InMemoryJournal(epoch: "0000000000000001")
        let sequencer: Sequencer
        let griffie: Address

        init() throws {
            griffie = try #require(Address("gm0503/griffie"))
            sequencer = Sequencer(
                journal: journal, clock: { Timestamp(milliseconds: 1_774_000_000_000) }, digest: Service.digest,
                announce: { _ in }, failed: { _ in })
        }

        func recorder() throws -> DeliveryRecorder {
            DeliveryRecorder(
                journal: journal, settings: journal, sequencer: sequencer,
                server: try #require(Address("pv28/regiopostd")), clock: { Timestamp(milliseconds: 5) },
                digest: Service.digest)
        }

        /// Submits all, in order.
        func submit(_ changes: [Change]) async {
            for change in changes { _ = await sequencer.submit(change.line(), from: change.author) }
        }

        func deliveries(of letter: ChangeID) async throws -> [Change] {
            let subject = SubjectID.receipt(letter: letter, address: griffie)
            return try await journal.changes(of: subject).map { try Change(line: $0.line) }
        }
    }

    @Test("a letter that is held is noted once, by however many runs") func once() async throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let office = try Office()
        await office.submit(story.accepted)
        let recorder = try office.recorder()
        try await recorder.record(office.griffie, upTo: 1)
        try await recorder.record(office.griffie, upTo: 1)
        #expect(try await office.deliveries(of: letter.id).map(\.type) == [.receiptDelivered])
        // A restart that lost count derives the same id.
        try await office.journal.set("delivered/gm0503/griffie", to: nil)
        try await office.recorder().record(office.griffie, upTo: 2)
        #expect(try await office.deliveries(of: letter.id).count == 1)
    }

    @Test("what lies beyond the cursor is not noted") func beyond() async throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let office = try Office()
        await office.submit(story.accepted)
        try await office.recorder().record(office.griffie, upTo: 0)
        #expect(try await office.deliveries(of: letter.id).isEmpty)
    }

    @Test("nobody keeps a receipt away by taking its id first") func squatted() async throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let seed = Array("receipt.delivered\n\(letter.id)\n\(try #require(Address("gm0503/griffie")))\n0".utf8)
        let taken = try #require(ChangeID(digest: Service.digest(seed).bytes))
        let squatter = Change(
            id: taken, subject: .meeting(taken), after: nil, author: try #require(Address("gm0518/college")),
            time: Timestamp(milliseconds: 1), type: .meetingRequest, body: try story.meeting())
        let office = try Office()
        await office.submit(story.accepted + [squatter])
        #expect(try await office.journal.receipt(of: taken) != nil)
        try await office.recorder().record(office.griffie, upTo: 1)
        #expect(try await office.deliveries(of: letter.id).map(\.type) == [.receiptDelivered])
    }
}
