import RegiopostClient
import RegiopostModel
import RegiopostTestSupport
import Testing

@Suite("A key asks once") struct KeyTests {
    private let desks = Desks()
    private let college = "gm0503/college"

    private func request(_ story: Story, _ theme: String = "Wonen", of accounthouder: String = Story.accounthouder)
        throws -> Workspace.Intent
    {
        let content = MeetingContent(
            kind: .conversation, accounthouder: try #require(Address(accounthouder)), themes: [theme])
        return Workspace.Intent(.meetingRequest, .meetingRequest(content), key: "nightly")
    }

    private func sync(_ desk: Workspace, with server: SimulatedServer) async throws -> SyncReport {
        try await SyncEngine(
            store: desk.store, connection: server.connection(for: desk.address), files: desks.files
        ).sync()
    }

    @Test("also when its change was written anew, before and after it arrived") func redone() async throws {
        let story = try Story()
        let server = SimulatedServer(story, seed: 1, breaks: 0)
        let desk = try await desks.workspace(college, knowing: story)
        let first = try await desk.write(try request(story), in: try await desk.view())
        try await desk.store.settle(first.change.id, as: .refused(Refusal(.unknownRegion)))
        let anew = try await desk.redo(first.change.id, in: try await desk.view())
        let again = try await desk.write(try request(story), in: try await desk.view())
        #expect(again.isRepeat && [again.change] == anew && again.change.id != first.change.id)
        // What this desk knew was not the server's word.
        #expect(
            try await desk.store.store(
                ReplicaPage(entries: [], replaces: "c", cursor: "0", isFirst: true, isLast: true), of: .own))
        #expect(
            try await desk.store.store(
                ReplicaPage(entries: [], replaces: "c", cursor: "0", isFirst: true, isLast: true), of: .directory))
        #expect(try await sync(desk, with: server).sent.map(\.change) == anew)
        #expect(try await desk.store.outbox().isEmpty)
        let later = try await desk.write(try request(story), in: try await desk.view())
        #expect(later.isRepeat && [later.change] == anew)
    }

    @Test("a request that was refused isn't said to be on its way") func refused() async throws {
        let story = try Story()
        let desk = try await desks.workspace(college, knowing: story)
        let first = try await desk.write(try request(story), in: try await desk.view())
        let refusal = Refusal(.unknownRegion, ["region": "x"])
        try await desk.store.settle(first.change.id, as: .refused(refusal))
        let view = try await desk.view()
        await #expect(throws: Workspace.RefusedBefore(id: first.change.id, refusal: refusal)) {
            try await desk.write(try request(story), in: view)
        }
        await #expect(throws: Refusal(.idTaken, ["key": "nightly"])) {
            try await desk.write(try request(story, "Water"), in: view)
        }
    }

    @Test("two runs at once are one and its repeat") func atOnce() async throws {
        let story = try Story()
        let desk = try await desks.workspace(college, knowing: story)
        let view = try await desk.view()
        let first = try await desk.write(try request(story), in: view)
        let second = try await desk.write(try request(story), in: view)
        #expect(!first.isRepeat && second.isRepeat && second.change == first.change)
        await #expect(throws: Refusal(.idTaken, ["key": "nightly"])) {
            try await desk.write(try request(story, "Water"), in: view)
        }
        #expect(try await desk.store.outbox().count == 1)
    }

    @Test("on two machines of one address it is one request; for something else it is refused")
    func twoMachines() async throws {
        let story = try Story()
        let server = SimulatedServer(story, seed: 1, breaks: 0)
        var machines: [Workspace] = []
        for minute: Int64 in 0..<3 {
            let desk = try await desks.workspace(college, knowing: story, now: 1_774_000_000_000 + minute * 60_000)
            #expect(
                try await desk.store.store(
                    ReplicaPage(entries: [], replaces: "c", cursor: "0", isFirst: true, isLast: false),
                    of: .directory))
            #expect(
                try await desk.store.store(
                    ReplicaPage(entries: [], replaces: "c", cursor: "0", isFirst: true, isLast: false), of: .own))
            machines.append(desk)
        }
        let first = try await machines[0].write(try request(story), in: try await machines[0].view())
        let same = try await machines[1].write(try request(story), in: try await machines[1].view())
        let other = try await machines[2].write(try request(story, "Water"), in: try await machines[2].view())
        #expect(first.change.id == same.change.id && first.change != same.change)
        #expect(try await sync(machines[0], with: server).sent.map(\.change) == [first.change])
        #expect(try await sync(machines[1], with: server).refused.isEmpty)
        #expect(try await machines[1].store.outbox().isEmpty)
        #expect(try await machines[1].view().meetings.map(\.id) == [first.change.id])
        #expect(try await sync(machines[2], with: server).refused == [other.change])
        #expect(try await machines[2].store.outbox().count == 1)
    }

    @Test("what the program fills in doesn't make another request of it") func filledIn() throws {
        let story = try Story()
        let mine = try request(story).body
        #expect(mine.asks(theSameAs: try request(story, of: "pv28/accounthouder-drechtsteden").body))
        #expect(!mine.asks(theSameAs: try request(story, "Water").body))
        guard case .letterPublish(let letter) = try story.letter() else {
            Issue.record("no letter")
            return
        }
        let later = LetterContent(
            dossier: letter.dossier, document: letter.document, date: try #require(CalendarDate("2027-01-01")),
            title: letter.title, region: letter.region, yourReference: letter.yourReference,
            attachments: letter.attachments, files: letter.files, themes: letter.themes, requests: letter.requests,
            signatories: letter.signatories, recipients: letter.recipients, copies: letter.copies, due: letter.due,
            text: letter.text)
        #expect(ChangeBody.letterPublish(letter).asks(theSameAs: .letterPublish(later), whateverTheDate: true))
        #expect(!ChangeBody.letterPublish(letter).asks(theSameAs: .letterPublish(later)))
    }
}
