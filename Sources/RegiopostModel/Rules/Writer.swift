/// Who may write a change of some type: roles, and how their organisation or address stands to the subject.
public struct Writer: Hashable, Sendable {
    /// Which roles.
    public enum Roles: Hashable, Sendable {
        /// These.
        case these([Role])
        /// Those that may ask for a meeting of the subject's kind.
        case requesters
        /// Whatever the address's role is: the relation names the address.
        case any
    }

    /// How the author stands to the subject.
    public enum Relation: String, Hashable, Sendable, CaseIterable {
        /// In any way: who starts something of their own.
        case anywhere = "anywhere"
        /// The address that published the letter.
        case sender = "the letter's sender"
        /// At the organisation that published the letter.
        case senderOrganisation = "at the province that sent the letter"
        /// The account holder: of the letter's region at the sender's province, or the one that a meeting is asked of.
        case accounthouder = "the account holder of its region"
        /// The address that the subject is named after.
        case named = "the address that it is named after"
        /// At the organisation whose subject it is: that answers, or asks.
        case organisation = "at the organisation whose subject it is"
        /// At that organisation, an address that the letter is addressed to; a copy isn't enough.
        case addressed = "at that organisation, the addresses that the letter is addressed to"
        /// At the province that drafts a letter.
        case drafter = "at the province that drafts the letter"
        /// At an organisation that answers, alone or with others.
        case member = "at an organisation in whose name it speaks"
        /// At such an organisation, an address that the letter is addressed to.
        case addressedMember = "at such an organisation, the addresses that the letter is addressed to"
        /// At an organisation that is invited.
        case invited = "at an organisation that is invited"
    }

    /// The roles.
    public let roles: Roles
    /// The relation.
    public let relation: Relation

    /// Roles that stand to the subject in some relation.
    public init(_ roles: Roles, _ relation: Relation) {
        self.roles = roles
        self.relation = relation
    }

    /// Whoever stands to the subject in a relation that names addresses.
    public init(_ relation: Relation) { self.init(.any, relation) }

    func admits(_ author: Address, _ parties: Parties) -> Bool {
        switch roles {
        case .these(let roles): guard roles.contains(author.role) else { return false }
        case .requesters: guard parties.requesters.contains(author.role) else { return false }
        case .any: break
        }
        switch relation {
        case .anywhere: return true
        case .sender: return author == parties.sender
        case .senderOrganisation: return author.organisation == parties.sender?.organisation
        case .accounthouder: return author == parties.accounthouder
        case .named: return author == parties.named
        case .organisation: return author.organisation == parties.organisation
        case .addressed: return author.organisation == parties.organisation && parties.addressed.contains(author)
        case .drafter: return author.organisation == parties.drafter
        case .member: return parties.members.contains(author.organisation)
        case .addressedMember:
            return parties.members.contains(author.organisation) && parties.addressed.contains(author)
        case .invited: return parties.invited.contains(author.organisation)
        }
    }
}
