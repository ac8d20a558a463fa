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

    /// The subjects that judging the change takes: its own first, then the letters, the draft, the meeting or the agreements
    /// that it speaks of.
    public static func subjects(neededBy change: Change) -> [SubjectID] {
        [change.subject] + Citations(of: change).subjects + AgreementConsistency.subjects(neededBy: change)
    }

    /// Judges a change by who wrote it, what it is about, and what is there. O(changes on the subject).
    ///
    /// - Parameters:
    ///   - address: the address that the certificate speaks for.
    ///   - digest: the SHA-256 of the change's line; needed where its type `isCitedByDigest`.
    ///   - receivedAt: the server's time of receipt; `nil` in a client.
    ///   - isScreened: whether the change's line was looked through and no citizen's number stands in it
    ///     (`CitizenNumber.mayStand`). Else what it says is written out and looked through here.
    /// - Throws: the refusal, with its code and what it is about.
    public static func judge(
        _ change: Change, from address: Address, in world: some World, digest: Digest? = nil,
        receivedAt: Timestamp?, isScreened: Bool = false
    ) throws(Refusal) -> Verdict {
        guard change.author == address else {
            throw Refusal(.authorMismatch, ["author": change.author.text, "address": address.text])
        }
        guard let type = change.type else { throw Refusal(.unknownType, ["type": change.typeName]) }
        if let refusal = world.directory.refusal(of: change.author) { throw refusal }
        let known = world.subject(change.subject)
        let isVisible = isVisible(known, to: change.author, in: world)
        let seen = isVisible ? known : nil
        let cited = try Cited(of: change, in: world)
        guard isAllowed(change, on: seen?.state, cited.letter, world.directory) else {
            if let letter = cited.letter { try checkAddressed(change, letter) }
            throw Refusal(seen == nil && !type.startsSubject ? .subjectUnknown : .notAllowed, describe(change))
        }
        guard isVisible else { throw Refusal(.subjectUnknown, ["subject": change.subject.text]) }
        try checkOrder(change, on: known, type: type)
        try checkNeeds(change, in: world)
        try checkTakenFrom(change, in: world)
        try Privacy.check(change, isScreened: isScreened)
        let today = DutchTime.date(of: receivedAt ?? change.time)
        try Consistency.check(change, on: known?.state, cited: cited, directory: world.directory, today: today)
        try AgreementConsistency.check(change, letter: cited.letter, in: world)
        var subject = known ?? Subject(id: change.subject)
        let previousHead = subject.head
        try subject.apply(change, digest: digest, receivedAt: receivedAt)
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
        guard let known, let state = known.state, author.role != .regiopostd else { return true }
        return known.id.isInDirectory || Audience.includes(author, state, in: world.directory)
    }

    private static func checkAddressed(_ change: Change, _ letter: LetterState) throws(Refusal) {
        let organisation: OrganisationCode
        switch change.subject {
        case .response(_, let code), .term(_, let code): organisation = code
        default: return
        }
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
        for need in change.needs where world.origin(of: need) == nil {
            throw Refusal(.needsMissing, ["needs": need.text])
        }
    }

    /// Work is taken over within an organisation, of a change that the successor sees, for the same thing or from a draft
    /// of it. It gives no right: that is asked of the author like any other.
    private static func checkTakenFrom(_ change: Change, in world: some World) throws(Refusal) {
        guard let id = change.takenFrom else { return }
        guard let old = world.origin(of: id) else { throw Refusal(.needsMissing, ["needs": id.text]) }
        let isSame =
            old.subject == change.subject || Citations(of: change).draft.map(SubjectID.draft) == old.subject
        let isOwn =
            old.author?.organisation == change.author.organisation
            || old.author.flatMap(world.directory.holder(of:)) == change.author
        guard isOwn, isSame else {
            throw Refusal(
                .badField,
                ["field": "takenFrom", "expected": "a change of your own organisation on this or on its draft"])
        }
    }
}
