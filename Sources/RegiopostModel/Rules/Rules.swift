/// Judges changes. Client and server run the same rules, so that what is wrong is refused at the keyboard, offline.
public enum Rules {
    /// What a change does that is fine.
    public struct Verdict: Sendable {
        /// The subject after the change.
        public let subject: Subject
        /// The last change on the subject before it, of any kind.
        public let previousHead: ChangeID?
        /// The mailboxes that it goes to.
        public let mailboxes: Set<Mailbox>
        /// The mailboxes that take over what others hold.
        public let fills: [Fill]
    }

    /// The subjects that judging the change takes: its own, and a letter, a meeting or agreements that it is about.
    public static func subjects(neededBy change: Change) -> [SubjectID] {
        switch change.subject {
        case .receipt(let letter, _), .response(let letter, _): return [change.subject, .letter(letter)]
        default: break
        }
        var letter: ChangeID?
        switch change.body {
        case .meetingRequest(let content): letter = content.letter
        case .agreementRecord(let content): letter = content.letter
        default: break
        }
        return [change.subject] + (letter.map { [.letter($0)] } ?? [])
            + AgreementConsistency.subjects(neededBy: change)
    }

    /// Judges a change by who wrote it, what it is about, and what is there. O(changes on the subject).
    ///
    /// - Parameters:
    ///   - address: the address that the certificate speaks for.
    ///   - receivedAt: the server's time of receipt; `nil` in a client.
    /// - Throws: the refusal, with its code and what it is about.
    public static func judge(
        _ change: Change, from address: Address, in world: some World, receivedAt: Timestamp?
    ) throws(Refusal) -> Verdict {
        guard change.author == address else {
            throw Refusal(.authorMismatch, ["author": change.author.text, "address": address.text])
        }
        guard let type = change.type else { throw Refusal(.unknownType, ["type": change.typeName]) }
        if let refusal = world.directory.refusal(of: change.author) { throw refusal }
        let known = world.subject(change.subject)
        let isVisible = isVisible(known, to: change.author, in: world)
        let seen = isVisible ? known : nil
        let letter = try letter(of: change, in: world)
        guard isAllowed(change, on: seen?.state, letter, world.directory) else {
            if let letter { try checkAddressed(change, letter) }
            throw Refusal(seen == nil && !type.startsSubject ? .subjectUnknown : .notAllowed, describe(change))
        }
        guard isVisible else { throw Refusal(.subjectUnknown, ["subject": change.subject.text]) }
        try checkOrder(change, on: known, type: type)
        try checkNeeds(change, in: world)
        try Privacy.check(change)
        let today = DutchTime.date(of: receivedAt ?? change.time)
        try Consistency.check(change, letter: letter, directory: world.directory, today: today)
        try AgreementConsistency.check(change, letter: letter, in: world)
        var subject = known ?? Subject(id: change.subject)
        let previousHead = subject.head
        try subject.apply(change, receivedAt: receivedAt)
        guard let state = subject.state else { throw Refusal(.unknownType, ["type": change.typeName]) }
        return Verdict(
            subject: subject, previousHead: previousHead,
            mailboxes: Audience.mailboxes(of: state, in: world.directory), fills: world.directory.fills(by: change))
    }

    /// Whether the author may write the change, or somebody whose work it has taken over might.
    private static func isAllowed(
        _ change: Change, on state: Subject.State?, _ letter: LetterState?, _ directory: Directory
    ) -> Bool {
        if Rights.allow(change, on: state, letter: letter) { return true }
        return directory.predecessors(of: change.author).contains { former in
            Rights.allow(change.written(by: former), on: state, letter: letter)
        }
    }

    private static func describe(_ change: Change) -> [String: String] {
        ["type": change.typeName, "author": change.author.text, "subject": change.subject.text]
    }

    /// Whether the author may see the subject. One that it may not see is judged like one that isn't there, or refusals
    /// would tell that somebody else has answered.
    private static func isVisible(_ known: Subject?, to author: Address, in world: some World) -> Bool {
        guard let state = known?.state, author.role != .regiopostd else { return true }
        let mailboxes = Audience.mailboxes(of: state, in: world.directory)
        return mailboxes.contains(.address(author)) || mailboxes.contains(.directory)
    }

    /// The letter that a receipt, response or meeting request is about; one that the author may not see isn't there.
    private static func letter(of change: Change, in world: some World) throws(Refusal) -> LetterState? {
        let others = subjects(neededBy: change).dropFirst()
        guard let id = others.first(where: { if case .letter = $0 { true } else { false } }) else { return nil }
        guard let state = world.subject(id)?.state, case .letter(let letter) = state,
            change.author.role == .regiopostd
                || Audience.mailboxes(of: state, in: world.directory).contains(.address(change.author))
        else { throw Refusal(.letterUnknown, ["letter": id.text]) }
        return letter
    }

    private static func checkAddressed(_ change: Change, _ letter: LetterState) throws(Refusal) {
        guard case .response(_, let organisation) = change.subject else { return }
        guard letter.content.recipients.contains(where: { $0.organisation == organisation }) else {
            throw Refusal(.notAddressed, ["organisation": organisation.text])
        }
    }

    /// An exact change cites the last exact one. Nobody's clock decides.
    private static func checkOrder(_ change: Change, on known: Subject?, type: ChangeType) throws(Refusal) {
        if type.isCommuting { return }
        guard known?.unknownChanges ?? 0 == 0 else {
            throw Refusal(.unknownType, ["subject": change.subject.text])
        }
        guard change.after != known?.lastExact else { return }
        if let after = change.after, known?.exactChanges.contains(after) != true {
            throw Refusal(.predecessorMissing, ["after": after.text])
        }
        throw Refusal(.conflict, ["current": known?.lastExact?.text ?? ""])
    }

    private static func checkNeeds(_ change: Change, in world: some World) throws(Refusal) {
        for need in change.needs where !world.contains(need) { throw Refusal(.needsMissing, ["needs": need.text]) }
    }
}
