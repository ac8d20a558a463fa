/// Organisations and regions as of some change in the directory's mailbox.
public struct Directory: Equatable, Sendable {
    /// All organisations by code.
    public private(set) var organisations: [OrganisationCode: Organisation] = [:]
    /// All regions by name.
    public private(set) var regions: [String: Region] = [:]
    /// How many changes it is the fold of, which is the position of the last one in the directory's mailbox.
    public private(set) var position = 0

    /// An empty directory.
    public init() {}

    /// The directory that these changes make, in the order of its mailbox.
    public init(_ changes: some Sequence<Change>) { for change in changes { apply(change) } }

    /// Takes one more change of the directory's mailbox. Types that this version doesn't know count, and say nothing.
    public mutating func apply(_ change: Change) {
        position += 1
        switch change.body {
        case .organisationSet(let organisation): organisations[organisation.code] = organisation
        case .regionSet(let region): regions[region.name] = region
        default: break
        }
    }

    /// The municipalities of a region, by code. O(organisations).
    public func municipalities(of region: String) -> [Organisation] {
        organisations.values
            .filter { $0.code.kind == .municipality && $0.regions[Organisation.administrative] == region }
            .sorted { $0.code < $1.code }
    }

    /// The region that letters reach an organisation through.
    public func region(of code: OrganisationCode) -> Region? {
        organisations[code]?.regions[Organisation.administrative].flatMap { regions[$0] }
    }

    /// What people call an organisation; its code where the directory doesn't know it.
    public func name(of code: OrganisationCode) -> String { organisations[code]?.shortName ?? code.text }

    /// Finds an organisation by code or by either name, in any case. O(organisations).
    public func organisation(named text: String) -> Organisation? {
        if let code = OrganisationCode(text.lowercased()), let found = organisations[code] { return found }
        let wanted = text.lowercased()
        return organisations.values.first {
            $0.name.lowercased() == wanted || $0.shortName.lowercased() == wanted
        }
    }
}
