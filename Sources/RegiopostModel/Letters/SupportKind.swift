/// A kind of support that a province offers and a municipality can ask for.
public enum SupportKind: String, Sendable, CaseIterable {
    /// Knowledge and expertise.
    case knowledge
    /// Cooperation on regional tasks and strategic projects.
    case cooperation
    /// Support for one area: housing, energy, mobility, nature.
    case areaBased = "area-based"
    /// Room for innovation and pilots.
    case innovation
    /// Advice and means for participation and inclusion.
    case participation
    /// Financial instruments, such as subsidies.
    case finance

    /// How a kind is written in a change.
    static let pattern = allCases.map(\.rawValue).joined(separator: "|")

    /// The kind's name for people.
    public var name: Phrase {
        switch self {
        case .knowledge: Phrase(dutch: "kennis en expertise", english: "knowledge and expertise")
        case .cooperation: Phrase(dutch: "samenwerking", english: "cooperation")
        case .areaBased: Phrase(dutch: "gebiedsgerichte ondersteuning", english: "area-based support")
        case .innovation: Phrase(dutch: "innovatie en pilots", english: "innovation and pilots")
        case .participation: Phrase(dutch: "participatie en inclusie", english: "participation and inclusion")
        case .finance: Phrase(dutch: "financiële instrumenten", english: "financial instruments")
        }
    }
}
