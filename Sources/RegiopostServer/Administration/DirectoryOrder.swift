import RegiopostJSON

/// What an operator orders about mandates, organisations and regions, in the words that were typed.
public struct DirectoryOrder: Equatable, Sendable {
    /// What to do.
    public enum Verb: String, Sendable, CaseIterable {
        case mandateSet = "mandate-set"
        case mandateEnd = "mandate-end"
        case mandateList = "mandate-list"
        case organisationSet = "organisation-set"
        case organisationMerge = "organisation-merge"
        case organisationList = "organisation-list"
        case regionSet = "region-set"
        case regionHandover = "region-handover"
    }

    /// What to do.
    public let verb: Verb
    /// What the order is about: an address, codes of organisations, a region.
    public let names: [String]
    /// The options by name, without dashes.
    public let options: [String: String]
    /// The memberships of regions: `zorg=haaglanden:2026-01-01..2026-12-31`.
    public let memberships: [String]

    /// Makes an order; options that are `nil` weren't given.
    public init(
        _ verb: Verb, _ names: [String] = [], _ options: [String: String?] = [:], memberships: [String] = []
    ) {
        self.verb = verb
        self.names = names
        self.options = options.compactMapValues(\.self)
        self.memberships = memberships
    }

    var json: JSONValue {
        .object([
            "do": .string(verb.rawValue), "names": .strings(names),
            "options": .object(options.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }),
            "memberships": .strings(memberships),
        ])
    }

    init?(json: JSONValue) {
        guard let verb = json["do"]?.string.flatMap(Verb.init(rawValue:)), let names = json["names"]?.array,
            let options = json["options"]?.members
        else { return nil }
        self.init(
            verb, names.compactMap(\.string),
            Dictionary(options.map { ($0.name, $0.value.string) }, uniquingKeysWith: { $1 }),
            memberships: (json["memberships"]?.array ?? []).compactMap(\.string))
    }
}
