import RegiopostModel

/// What a profile's user sees: the fold of the replica with the outbox on top.
public struct View: Sendable {
    /// The profile's address.
    public let address: Address
    /// All subjects, and the directory.
    public let correspondence: Correspondence
    /// The user's changes on their way.
    public let outbox: [OutboxItem]
    /// Those that wait for a decision about one that was refused.
    public let held: Set<ChangeID>
    /// The changes in the own mailbox, oldest first.
    public let changes: [Change]

    /// How many lines this version can't read at all. They are kept for one that can.
    public let unreadable: Int

    /// Which change a script's key stands for.
    public let keys: [String: ChangeID]

    /// The joint responses to each letter.
    let jointsByLetter: [ChangeID: [JointState]]

    /// Folds. O(entries).
    ///
    /// - Parameter digest: SHA-256; asked for the lines that others cite by it.
    public init(address: Address, _ snapshot: StoreSnapshot, digest: ([UInt8]) -> Digest) {
        let outbox = snapshot.outbox
        var correspondence = Correspondence()
        var changes: [Change] = []
        var unreadable = 0
        func take(_ entry: ReplicaEntry) -> Change? {
            guard let change = try? Change(line: entry.line) else {
                unreadable += 1
                return nil
            }
            correspondence.take(change, digest: digestOf(change, entry.line), receivedAt: entry.receivedAt)
            return change
        }
        func digestOf(_ change: Change, _ line: [UInt8]) -> Digest? {
            change.type?.isCitedByDigest == true ? digest(line) : nil
        }
        for entry in snapshot.directory { _ = take(entry) }
        for entry in snapshot.own {
            guard let change = take(entry) else { continue }
            changes.append(change)
        }
        let held = OutboxItem.held(in: outbox)
        for item in outbox where !held.contains(item.change.id) {
            let digest = digestOf(item.change, item.line)
            switch item.state {
            case .queued: correspondence.take(item.change, digest: digest, receivedAt: nil)
            case .accepted(_, let receivedAt):
                correspondence.take(item.change, digest: digest, receivedAt: receivedAt)
            case .refused: break
            }
        }
        self.address = address
        self.correspondence = correspondence
        jointsByLetter = Self.jointsByLetter(in: correspondence)
        self.outbox = outbox
        self.held = held
        self.changes = changes
        self.unreadable = unreadable
        keys = snapshot.keys
    }

    /// A change that is here already: in the replica, or in the outbox.
    public func change(_ id: ChangeID) -> Change? {
        changes.first { $0.id == id } ?? outbox.first { $0.change.id == id }?.change
    }

    /// All letters, newest first.
    public var letters: [(id: ChangeID, state: LetterState)] {
        correspondence.subjects.compactMap { subject -> (ChangeID, LetterState)? in
            guard case .letter(let id) = subject.key, case .letter(let state) = subject.value.state else {
                return nil
            }
            return (id, state)
        }.sorted { ($0.1.content.date, $0.0) > ($1.1.content.date, $1.0) }
    }

    /// All responses, by letter and organisation.
    public var responses: [ResponseState] {
        correspondence.subjects.values.compactMap { subject -> ResponseState? in
            guard case .response(let state) = subject.state else { return nil }
            return state
        }.sorted { ($0.letter, $0.organisation) < ($1.letter, $1.organisation) }
    }

    /// All meetings that were asked for, newest request first.
    public var meetings: [(id: ChangeID, state: MeetingState)] {
        correspondence.subjects.compactMap { subject -> (ChangeID, MeetingState)? in
            guard case .meeting(let id) = subject.key, case .meeting(let state) = subject.value.state else {
                return nil
            }
            return (id, state)
        }.sorted { $0.0 > $1.0 }
    }

    /// All agreements: what is due first comes first, what has no date last; then by id.
    public var agreements: [(id: ChangeID, state: AgreementState)] {
        correspondence.subjects.compactMap { subject -> (ChangeID, AgreementState)? in
            guard case .agreement(let id) = subject.key, case .agreement(let state) = subject.value.state else {
                return nil
            }
            return (id, state)
        }.sorted { ($0.1.due?.text ?? "~", $0.0) < ($1.1.due?.text ?? "~", $1.0) }
    }

    /// All implementation programmes, newest first.
    public var programmes: [(id: ChangeID, state: ProgrammeState)] {
        correspondence.subjects.compactMap { subject -> (ChangeID, ProgrammeState)? in
            guard case .programme(let id) = subject.key, case .programme(let state) = subject.value.state else {
                return nil
            }
            return (id, state)
        }.sorted { $0.0 > $1.0 }
    }

    /// The agreements of a programme that this address may see, in the programme's order.
    public func agreements(of programme: ProgrammeState) -> [(id: ChangeID, state: AgreementState)] {
        programme.agreements.compactMap { id in
            guard case .agreement(let state) = correspondence.subject(.agreement(id))?.state else { return nil }
            return (id, state)
        }
    }

    /// The response of an organisation to a letter, if there is one.
    public func response(to letter: ChangeID, by organisation: OrganisationCode) -> ResponseState? {
        guard
            case .response(let state) = correspondence.subject(
                .response(letter: letter, organisation: organisation))?.state
        else { return nil }
        return state
    }

    /// An address's receipt of a letter, if there is one.
    public func receipt(of letter: ChangeID, by address: Address) -> ReceiptState? {
        guard case .receipt(let state) = correspondence.subject(.receipt(letter: letter, address: address))?.state
        else {
            return nil
        }
        return state
    }
}
