import RegiopostModel

/// Where one address works: what it sees, and what it writes. Nothing here needs the server.
public struct Workspace: Sendable {
    /// What time, chance and hashing are; handed in, so that tests repeat.
    public struct Surroundings: Sendable {
        /// The time now.
        public let clock: @Sendable () -> Timestamp
        /// 128 random bits.
        public let random: @Sendable () -> (UInt64, UInt64)
        /// SHA-256.
        public let digest: @Sendable ([UInt8]) -> Digest

        /// Brings them together.
        public init(
            clock: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> (UInt64, UInt64),
            digest: @escaping @Sendable ([UInt8]) -> Digest
        ) {
            self.clock = clock
            self.random = random
            self.digest = digest
        }
    }

    /// What the user wants to happen.
    public struct Intent: Sendable {
        /// The kind of change.
        public let type: ChangeType
        /// What it is about; `nil` for what it starts itself.
        public let subject: SubjectID?
        /// What it says.
        public let body: ChangeBody
        /// A key of a script's, so that running it twice asks once.
        public let key: String?
        /// Changes on other subjects that must be there first.
        public let needs: [ChangeID]
        /// The change of an ended mandate that this one takes over.
        public let takenFrom: ChangeID?
        /// Whether the body's date was filled in from the clock: then it doesn't tell one request from another.
        public let isDateFilledIn: Bool

        /// Makes an intent.
        public init(
            _ type: ChangeType, on subject: SubjectID? = nil, _ body: ChangeBody, key: String? = nil,
            needs: [ChangeID] = [], takenFrom: ChangeID? = nil, isDateFilledIn: Bool = false
        ) {
            self.type = type
            self.subject = subject
            self.body = body
            self.key = key
            self.needs = needs
            self.takenFrom = takenFrom
            self.isDateFilledIn = isDateFilledIn
        }
    }

    /// What came of an intent.
    public struct Written: Sendable {
        /// The change, queued now or earlier.
        public let change: Change
        /// Whether the same key had asked for the same before.
        public let isRepeat: Bool
    }

    /// The same was asked with the same key before, and refused. Its user decides; asking again changes nothing.
    public struct RefusedBefore: Error, Equatable, Sendable {
        /// The change in the outbox.
        public let id: ChangeID
        /// Why it was refused.
        public let refusal: Refusal

        /// Makes the error.
        public init(id: ChangeID, refusal: Refusal) {
            self.id = id
            self.refusal = refusal
        }
    }

    /// Another process has changed the outbox meanwhile, so that nothing was done.
    public struct Overtaken: Error, Equatable, Sendable {}

    /// Whose workspace it is.
    public let address: Address
    /// Where replica and outbox are.
    public let store: any ClientStore
    let surroundings: Surroundings

    /// Opens a workspace.
    public init(address: Address, store: any ClientStore, surroundings: Surroundings) {
        self.address = address
        self.store = store
        self.surroundings = surroundings
    }

    /// The time now.
    public var now: Timestamp { surroundings.clock() }

    /// What there is to see. O(entries).
    public func view() async throws(ClientError) -> View {
        View(address: address, try await store.snapshot(), digest: surroundings.digest)
    }

    /// A part of what there is to see: to show it, not to write on top of it, as what is outside looks as if it weren't
    /// there. Costs by the part.
    public func view(of part: ReplicaPart) async throws(ClientError) -> View {
        View(address: address, try await store.snapshot(of: part), digest: surroundings.digest)
    }

    /// Writes a change on top of what is seen, checks it as the server will, and queues it. It is on disk when this
    /// returns.
    ///
    /// - Throws: a `Refusal` for what the rules don't allow, `id-taken` where the key had asked for something else;
    ///   `RefusedBefore`; a `ClientError` for what the store can't do.
    public func write(_ intent: Intent, in view: View) async throws -> Written {
        if let known = try askedBefore(intent, in: view) { return known }
        let id = id(of: intent, in: view) ?? ChangeID(time: now, random: surroundings.random())
        let (change, line) = try composed(intent, id, on: view.correspondence)
        if try await store.enqueue(change, line: line, key: intent.key) {
            return Written(change: change, isRepeat: false)
        }
        // Another process with the same key came first.
        guard let known = try askedBefore(intent, in: try await self.view()) else { throw Overtaken() }
        return known
    }

    /// Writes a change and what follows from it, and queues both or neither.
    ///
    /// - Parameter following: the second intent, told the first change's id; it is written with `needs` of that one.
    /// - Throws: as `write`.
    public func write(
        _ intent: Intent, followedBy following: (ChangeID) -> Intent, in view: View
    ) async throws -> Written {
        if let known = try askedBefore(intent, in: view) { return known }
        let id = id(of: intent, in: view) ?? ChangeID(time: now, random: surroundings.random())
        let first = try composed(intent, id, on: view.correspondence)
        var world = view.correspondence
        world.take(first.change, digest: surroundings.digest(first.line), receivedAt: nil)
        let second = try composed(following(id), ChangeID(time: now, random: surroundings.random()), on: world)
        let both: [(change: Change, line: [UInt8], key: String?)] = [
            (first.change, first.line, intent.key), (second.change, second.line, nil),
        ]
        if try await store.replace([], with: both) { return Written(change: first.change, isRepeat: false) }
        guard let known = try askedBefore(intent, in: try await self.view()) else { throw Overtaken() }
        return known
    }

    /// The change that an intent comes to on top of what is seen, checked as the server will, and its line.
    private func composed(
        _ intent: Intent, _ id: ChangeID, on world: Correspondence
    ) throws(Refusal) -> (change: Change, line: [UInt8]) {
        let subject = Self.subject(of: intent, id)
        let seen = intent.type.isCommuting ? nil : world.subject(subject)?.lastExact
        let change = Change(
            id: id, subject: subject, after: seen, needs: intent.needs, author: address, time: now,
            takenFrom: intent.takenFrom, type: intent.type, body: intent.body)
        let line = change.line()
        let read = try Change(line: line)
        _ = try Rules.judge(read, from: address, in: world, digest: surroundings.digest(line), receivedAt: nil)
        return (read, line)
    }

    /// What the intent's key stands for already, if anything.
    private func askedBefore(_ intent: Intent, in view: View) throws -> Written? {
        guard let id = id(of: intent, in: view), let known = view.change(id) else { return nil }
        guard known.typeName == intent.type.rawValue, known.subject == Self.subject(of: intent, id),
            intent.body.asks(theSameAs: known.body, whateverTheDate: intent.isDateFilledIn)
        else { throw Refusal(.idTaken, ["key": intent.key ?? ""]) }
        let item = view.outbox.first { $0.change.id == id }
        if case .refused(let refusal) = item?.state { throw RefusedBefore(id: id, refusal: refusal) }
        return Written(change: known, isRepeat: true)
    }

    /// The id that the intent's key stands for; `nil` where it has no key.
    private func id(of intent: Intent, in view: View) -> ChangeID? {
        intent.key.map { view.keys[$0] ?? id(key: $0) }
    }

    private static func subject(of intent: Intent, _ id: ChangeID) -> SubjectID {
        intent.subject ?? .started(by: id, intent.type)
    }

    /// The id that a key always gets at this address: nobody else's key can meet it.
    func id(key: String) -> ChangeID {
        let digest = surroundings.digest(Array("regiopost key\n\(address)\n\(key)".utf8))
        guard let id = ChangeID(digest: digest.bytes) else { preconditionFailure("a digest has 32 bytes") }
        return id
    }
}
