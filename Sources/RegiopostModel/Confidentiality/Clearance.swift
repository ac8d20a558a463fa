/// Up to which level each role may read: one table, printed in the specification.
public enum Clearance {
    /// One row: roles of a sort, their level, and why.
    public struct Row: Sendable {
        /// The roles' names; `accounthouder-REGION` stands for every region's.
        public let roles: [String]
        /// What they may read at most.
        public let level: Confidentiality
        /// Why, in one sentence.
        public let reason: String
    }

    /// All of it. Each role stands in exactly one row.
    public static let table = [
        Row(
            roles: ["college", "gemeentesecretaris", "burgemeester"], level: .zeerGeheim,
            reason: "They answer for the municipality, so nothing addressed to it is kept from them."),
        Row(
            roles: ["secretariaat", "secretaris", "voorzitter", "accounthouder-REGION"], level: .zeerGeheim,
            reason: "They write, sign and look after what the province says at any level."),
        Row(
            roles: ["formateur"], level: .vertrouwelijk,
            reason: "Temporary and perhaps from outside: what is told in confidence, no state secrets."),
        Row(
            roles: ["griffie"], level: .vertrouwelijk,
            reason: "It keeps what the council gets under secrecy; higher levels go to the executive alone."),
        Row(
            roles: ["registratuur"], level: .vertrouwelijk,
            reason: "It archives all daily work; what is classified higher has an archive of its own."),
        Row(
            roles: ["raadslid"], level: .beperktOpenbaar,
            reason: "Council members read what is made for them to work with in public."),
        Row(
            roles: ["beheerder", "regiopostd"], level: .openbaar,
            reason: "They run the server and read nobody's correspondence."),
    ]
}

extension Role {
    /// What the role may read at most. O(1).
    public var clearance: Confidentiality {
        switch self {
        case .college, .gemeentesecretaris, .burgemeester, .secretariaat, .secretaris, .voorzitter,
            .accounthouder:
            .zeerGeheim
        case .formateur, .griffie, .registratuur: .vertrouwelijk
        case .raadslid: .beperktOpenbaar
        case .beheerder, .regiopostd: .openbaar
        }
    }
}
