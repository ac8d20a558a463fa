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
                server: try #require(Address("pv28/regiopostd")), directory: DirectoryReader(journal: journal),
                clock: { Timestamp(milliseconds: 5) },
                digest: Service.digest, random: { [UInt8](repeating: 7, count: 32) })
        }

        /// Submits all, in order.
        func submit(_ changes: [Change]) async {
            for change in changes { _ = await sequencer.submit(change.line(), from: change.author) }
        }

        func deliveries(of letter: ChangeID, to address: Address? = nil) async throws -> [Change] {
            let subject = SubjectID.receipt(letter: letter, address: address ?? griffie)
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

    @Test("a letter that reaches whoever has the recipient's work now has reached the recipient") func successor()
        async throws
    {
        var story = try Story()
        let letter = try story.accept(
            Story.secretariaat, nil, .letterPublish, try story.letter(copies: []))
        let formateur = try #require(Address("gm0503/formateur"))
        let college = try #require(Address("gm0503/college"))
        let end = MandateEnd(address: formateur, on: CalendarDate(daysSince1970: 20_000), successor: college)
        try story.accept("pv28/regiopostd", .mandate(formateur), .mandateEnd, .mandateEnd(end))
        let office = try Office()
        await office.submit(story.accepted)
        try await office.recorder().record(college, upTo: 1)
        #expect(try await office.deliveries(of: letter.id, to: formateur).map(\.type) == [.receiptDelivered])
    }

    @Test("what lies beyond the cursor is not noted") func beyond() async throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let office = try Office()
        await office.submit(story.accepted)
        try await office.recorder().record(office.griffie, upTo: 0)
        #expect(try await office.deliveries(of: letter.id).isEmpty)
    }

    @Test("an id can't be foretold without the server's secret, which stays") func secret() async throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        var ids: [ChangeID?] = []
        for secret in [UInt8(1), 2] {
            let office = try Office()
            try await office.journal.set("delivery-secret", to: [UInt8](repeating: secret, count: 32))
            await office.submit(story.accepted)
            try await office.recorder().record(office.griffie, upTo: 1)
            ids.append(try await office.deliveries(of: letter.id).first?.id)
        }
        #expect(ids[0] != nil && ids[0] != ids[1])
        let office = try Office()
        await office.submit(story.accepted)
        try await office.recorder().record(office.griffie, upTo: 1)
        #expect(try await office.journal.setting("delivery-secret") == [UInt8](repeating: 7, count: 32))
    }

    @Test("of two cursors presented at once, the farther one counts") func twoCursors() async throws {
        var story = try Story()
        var letters: [ChangeID] = []
        for _ in 0..<40 {
            letters.append(try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id)
        }
        let office = try Office()
        await office.submit(story.accepted)
        let recorder = try office.recorder()
        await withTaskGroup(of: Void.self) { group in
            for position in [20, 40, 10] {
                group.addTask { try? await recorder.record(office.griffie, upTo: position) }
            }
        }
        for letter in letters { #expect(try await office.deliveries(of: letter).count == 1) }
    }
}
