import RegiopostJSON

/// Who stands behind a joint response: each member has signed, declined, or said nothing.
public struct JointStanding: Equatable, Sendable {
    /// A member that signed, and its `draft.sign`.
    public struct Signature: Equatable, Sendable {
        /// The member.
        public let organisation: OrganisationCode
        /// Its `draft.sign`.
        public let signature: ChangeID
    }

    /// A member that declined, and why.
    public struct Declining: Equatable, Sendable {
        /// The member.
        public let organisation: OrganisationCode
        /// Its reason.
        public let reason: String
    }

    /// Who signed, in the order of the members.
    public let signed: [Signature]
    /// Who declined, in that order.
    public let declined: [Declining]
    /// Who said nothing about this version, in that order.
    public let missing: [OrganisationCode]

    /// Where the members of a draft stand towards its newest version. O(members × decisions).
    public init(of draft: DraftState) {
        var signed: [Signature] = []
        var declined: [Declining] = []
        var missing: [OrganisationCode] = []
        for member in draft.current.content.members {
            let decision = draft.decision(of: .organisation(member))
            switch decision?.verdict {
            case .signed:
                signed.append(Signature(organisation: member, signature: decision?.id ?? draft.current.id))
            case .declined(let reason): declined.append(Declining(organisation: member, reason: reason))
            case nil: missing.append(member)
            }
        }
        self.signed = signed
        self.declined = declined
        self.missing = missing
    }

    init(_ fields: Fields) throws(Refusal) {
        var signed: [Signature] = []
        for entry in try fields.objects("signed") {
            signed.append(
                Signature(
                    organisation: try entry.value("organisation", "organisation", OrganisationCode.init(_:)),
                    signature: try entry.value("signature", "identifier", ChangeID.init(_:))))
        }
        var declined: [Declining] = []
        for entry in try fields.objects("declined") {
            declined.append(
                Declining(
                    organisation: try entry.value("organisation", "organisation", OrganisationCode.init(_:)),
                    reason: try entry.text("reason")))
        }
        self.signed = signed
        self.declined = declined
        missing = try fields.values("missing", "organisation", OrganisationCode.init(_:))
    }

    /// Whether all members signed.
    public var isComplete: Bool { declined.isEmpty && missing.isEmpty }

    /// Whether a member signed.
    public func isSigned(by organisation: OrganisationCode) -> Bool {
        signed.contains { $0.organisation == organisation }
    }

    var members: [JSONMember] {
        let object = JSONValue.object([
            "signed": .array(
                signed.map {
                    .object([
                        "organisation": .string($0.organisation.text), "signature": .string($0.signature.text),
                    ])
                }),
            "declined": declined.isEmpty
                ? nil
                : .array(
                    declined.map {
                        .object(["organisation": .string($0.organisation.text), "reason": .string($0.reason)])
                    }),
            "missing": missing.isEmpty ? nil : .strings(missing.map(\.text)),
        ])
        return object.members ?? []
    }
}
