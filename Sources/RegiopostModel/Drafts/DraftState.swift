/// A draft and who signed it: the fold of its changes.
public struct DraftState: Equatable, Sendable {
    /// How far it is. What was sent from it stands on the letter or the response.
    public enum Status: Equatable, Sendable {
        /// Can be saved anew, signed, declined, discarded.
        case open
        /// Nothing becomes of it; nothing more can be done with it.
        case discarded(reason: String)
    }

    /// One version of the text.
    public struct Version: Equatable, Sendable {
        /// The change that saved it.
        public let id: ChangeID
        /// The SHA-256 of that change's line, which signatures cite; `nil` where nobody computed it.
        public let digest: Digest?
        /// The text.
        public let content: DraftContent
        /// Who saved it.
        public let author: Address
        /// When the server received it; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?
    }

    /// What is kept of a version that a newer one replaced: what a signature of it cites.
    public struct Replaced: Equatable, Sendable {
        /// The change that saved it.
        public let id: ChangeID
        /// The SHA-256 of that change's line; `nil` where nobody computed it.
        public let digest: Digest?

        /// Names a version.
        public init(id: ChangeID, digest: Digest?) {
            self.id = id
            self.digest = digest
        }
    }

    /// What somebody said of it.
    public struct Decision: Equatable, Sendable {
        /// What was said.
        public enum Verdict: Equatable, Sendable {
            /// Agrees with one version.
            case signed(version: ChangeID)
            /// Won't sign, until it does.
            case declined(reason: String)
        }

        /// The change that said it.
        public let id: ChangeID
        /// Who said it.
        public let author: Address
        /// What was said.
        public let verdict: Verdict
        /// When the server received it; `nil` while it is still in an outbox.
        public let receivedAt: Timestamp?
    }

    /// The organisation that drew it up.
    public let owner: OrganisationCode
    /// The newest version.
    public private(set) var current: Version
    /// The versions that newer ones replaced, oldest first.
    public private(set) var replaced = Trail<Replaced>()
    /// What was said of it, oldest first. Of one who signs, the last word counts.
    public private(set) var decisions = Trail<Decision>()
    /// How far it is.
    public private(set) var status = Status.open

    init(first: Version) {
        owner = first.author.organisation
        current = first
    }

    /// How many versions there are, the newest among them.
    public var count: Int { replaced.count + 1 }

    /// The changes that saved the versions, oldest first. O(versions).
    public var ids: [ChangeID] { replaced.elements.map(\.id) + [current.id] }

    /// What becomes of it.
    public var kind: DraftContent.Kind { current.content.kind }

    /// The organisations whose people may work on it or sign it.
    public var organisations: [OrganisationCode] { kind == .joint ? current.content.members : [owner] }

    // MARK: Who signed

    /// The two who sign a letter.
    public static let signatories: [Role] = [.secretaris, .voorzitter]

    /// Who has to sign it before it may be sent by anybody: for a letter its two signatories, for a joint response its
    /// members, for an organisation's own response nobody.
    public var parties: [DraftParty] {
        switch kind {
        case .letter:
            Self.signatories.compactMap { Address(organisation: owner, role: $0).map(DraftParty.address) }
        case .response: []
        case .joint: current.content.members.map(DraftParty.organisation)
        }
    }

    /// The last word of somebody who signs, `nil` where nothing was said. A signature of an older version is none.
    public func decision(of party: DraftParty) -> Decision? {
        guard let last = decisions.last(where: { self.party($0.author) == party }) else { return nil }
        if case .signed(let version) = last.verdict, version != current.id { return nil }
        return last
    }

    /// Whether somebody signed the newest version.
    public func isSigned(by party: DraftParty) -> Bool {
        if case .signed = decision(of: party)?.verdict { true } else { false }
    }

    /// Who has to sign and hasn't signed the newest version.
    public var missing: [DraftParty] { parties.filter { !isSigned(by: $0) } }

    /// In whose name somebody signs: of several organisations each signs once, whoever of its people does.
    public func party(_ author: Address) -> DraftParty {
        kind == .joint ? .organisation(author.organisation) : .address(author)
    }

    // MARK: Steps

    mutating func save(_ version: Version) throws(Refusal) {
        try checkOpen("save")
        guard version.content.kind == kind, version.content.answer?.letter == current.content.answer?.letter else {
            throw Refusal(.badField, ["field": "body.kind", "expected": "kind and letter of the draft"])
        }
        replaced.append(Replaced(id: current.id, digest: current.digest))
        current = version
    }

    /// A signature of an older version has no effect, and neither has a repeated one.
    mutating func sign(
        version: ChangeID, digest: Digest, _ id: ChangeID, by author: Address, at time: Timestamp?
    ) throws(Refusal) {
        try checkOpen("sign")
        let isCurrent = version == current.id
        let old = isCurrent ? nil : replaced.last { $0.id == version }
        guard isCurrent || old != nil else { throw Refusal(.predecessorMissing, ["after": version.text]) }
        guard digest == (isCurrent ? current.digest : old?.digest) else {
            throw Refusal(.textChanged, ["current": current.id.text])
        }
        guard isCurrent, !isSigned(by: party(author)) else { return }
        decisions.append(Decision(id: id, author: author, verdict: .signed(version: version), receivedAt: time))
    }

    /// The same reason again has no effect.
    mutating func decline(
        reason: String, _ id: ChangeID, by author: Address, at time: Timestamp?
    ) throws(Refusal) {
        try checkOpen("decline")
        let verdict = Decision.Verdict.declined(reason: reason)
        guard decision(of: party(author))?.verdict != verdict else { return }
        decisions.append(Decision(id: id, author: author, verdict: verdict, receivedAt: time))
    }

    mutating func discard(reason: String) throws(Refusal) {
        try checkOpen("discard")
        status = .discarded(reason: reason)
    }

    private func checkOpen(_ step: String) throws(Refusal) {
        guard status == .open else { throw Refusal(.illegalStep, ["state": "discarded", "step": step]) }
    }

    /// Whether what is sent is the newest version, as everybody in the circle has it.
    func checkSent(as citation: DraftCitation) throws(Refusal) {
        try checkOpen("send")
        guard citation.version == current.id, citation.digest == current.digest else {
            throw Refusal(.textChanged, ["current": current.id.text])
        }
    }
}

/// In whose name a draft is signed.
public enum DraftParty: Hashable, Sendable {
    /// One of the two who sign a letter.
    case address(Address)
    /// A member of a joint response.
    case organisation(OrganisationCode)

    /// The address or the organisation as written.
    public var text: String {
        switch self {
        case .address(let address): address.text
        case .organisation(let code): code.text
        }
    }
}
