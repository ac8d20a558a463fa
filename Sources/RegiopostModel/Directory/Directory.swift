/// Organisations, regions and mandates as of some change in the directory's mailbox.
public struct Directory: Equatable, Sendable {
    /// All organisations by code, abolished ones too.
    public var organisations: [OrganisationCode: Organisation] { contents.entries.organisations }
    /// All regions by name.
    public var regions: [String: Region] { contents.entries.regions }
    /// Who looked after each region since when, oldest first; the last of a region is its contact now.
    public var handovers: [String: [Handover]] { contents.entries.handovers }
    /// The mandates that were ever set or ended, by address.
    public var mandates: [Address: MandateState] { contents.entries.mandates }
    /// The merger that each abolished organisation ended by.
    public var mergers: [OrganisationCode: Merger] { contents.entries.mergers }
    /// Whether anybody's work has ever passed to somebody else.
    var hasSuccessions: Bool { contents.entries.hasSuccessions }
    /// How many changes it is the fold of, which is the position of the last one in the directory's mailbox.
    public var position: Int { contents.entries.position }

    private struct Entries: Equatable, Sendable {
        var organisations: [OrganisationCode: Organisation] = [:]
        var regions: [String: Region] = [:]
        var handovers: [String: [Handover]] = [:]
        var mandates: [Address: MandateState] = [:]
        var mergers: [OrganisationCode: Merger] = [:]
        var hasSuccessions: Bool = false
        var position: Int = 0

        mutating func apply(_ change: Change) {
            position += 1
            switch change.body {
            case .organisationSet(let organisation): organisations[organisation.code] = organisation
            case .organisationMerge(let merger):
                for code in merger.organisations { mergers[code] = merger }
                hasSuccessions = true
            case .regionSet(let region):
                if region.contact != Region.Contact(), regions[region.name]?.contact != region.contact {
                    handovers[region.name, default: []].append(Handover(from: nil, contact: region.contact))
                }
                regions[region.name] = region
            case .regionHandover(let handover):
                guard case .region(let name) = change.subject, let region = regions[name] else { return }
                regions[name] = region.handed(to: handover.contact)
                handovers[name, default: []].append(handover)
            case .mandateSet, .mandateStart, .mandateEnd:
                guard case .mandate(let address) = change.subject else { return }
                var mandate = mandates[address] ?? MandateState(address: address)
                // A step that isn't possible was never taken: the rules have refused it.
                guard (try? mandate.apply(change)) != nil else { return }
                mandates[address] = mandate
                if case .ended = mandate.status { hasSuccessions = true }
            default: break
            }
        }
    }

    /// Never changed while somebody else holds it.
    private final class Contents: @unchecked Sendable {
        var entries: Entries

        init(_ entries: Entries) { self.entries = entries }
    }

    // One object: a directory is handed on many times while a change is judged.
    private var contents = Contents(Entries())

    /// Whether they say the same.
    public static func == (left: Directory, right: Directory) -> Bool {
        left.contents === right.contents || left.contents.entries == right.contents.entries
    }

    /// An empty directory.
    public init() {}

    /// The directory that these changes make, in the order of its mailbox.
    public init(_ changes: some Sequence<Change>) { for change in changes { apply(change) } }

    /// Takes one more change of the directory's mailbox. Types that this version doesn't know count, and say nothing.
    public mutating func apply(_ change: Change) {
        if !isKnownUniquelyReferenced(&contents) { contents = Contents(contents.entries) }
        contents.entries.apply(change)
    }

    /// The municipalities of a region, by code: those that exist, by the memberships of a day, or without one by those
    /// that were said last. O(organisations).
    public func municipalities(of region: String, on date: CalendarDate? = nil) -> [Organisation] {
        organisations.values
            .filter { organisation in
                let own =
                    date.map { organisation.region(on: $0) } ?? organisation.regions[Organisation.administrative]
                return organisation.code.kind == .municipality && own == region
                    && mergers[organisation.code] == nil
            }
            .sorted { $0.code < $1.code }
    }

    /// The region that letters reach an organisation through, on a day or by what was said last.
    public func region(of code: OrganisationCode, on date: CalendarDate? = nil) -> Region? {
        let organisation = organisations[code]
        let name =
            date.map { organisation?.region(on: $0) } ?? organisation?.regions[Organisation.administrative]
        return name.flatMap { regions[$0] }
    }

    /// What people call an organisation; its code where the directory doesn't know it.
    public func name(of code: OrganisationCode) -> String { organisations[code]?.shortName ?? code.text }

    /// Finds an organisation by code or by either name, in any case; one that exists before one that was abolished.
    /// O(organisations).
    public func organisation(named text: String) -> Organisation? {
        if let code = OrganisationCode(text.lowercased()), let found = organisations[code] { return found }
        let wanted = text.lowercased()
        let found = organisations.values.filter {
            $0.name.lowercased() == wanted || $0.shortName.lowercased() == wanted
        }
        return found.min { (mergers[$0.code] == nil ? 0 : 1, $0.code) < (mergers[$1.code] == nil ? 0 : 1, $1.code) }
    }
}
