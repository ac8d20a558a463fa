import Foundation
import RegiopostModel
import Testing

/// `Protocol/rights.md` is the table of rights as read by people: every cell of it is tried here.
@Suite("Who may do what") struct RightsTableTests {
    /// How somebody's organisation stands to the subject, which is Delft's, in the Haagse regio of Zuid-Holland.
    static let municipalities = [("o", "gm0503"), ("m", "gm0518"), ("r", "gm0505")]
    static let provinces = [("o", "pv28"), ("m", "pv30")]
    static let municipal: [Role] = [
        .formateur, .college, .gemeentesecretaris, .burgemeester, .griffie, .raadslid, .registratuur,
    ]
    static let provincial: [Role] = [
        .secretariaat, .secretaris, .voorzitter, .accounthouder(region: "haagse-regio"), .registratuur, .beheerder,
        .regiopostd,
    ]
    /// What refuses somebody who has no right. Anything else would mean that the case itself is wrong.
    static let refusals: Set<RefusalCode> = [
        .notAllowed, .subjectUnknown, .letterUnknown, .notAddressed, .unknownRegion, .badField,
        .unknownOrganisation,
    ]

    @Test("each role × each type × own, other municipality's, other region's subject is as Protocol/rights.md says")
    func cells() throws {
        let printed = try Self.document()
        if ProcessInfo.processInfo.environment["REGIOPOST_PRINT_RIGHTS"] != nil {
            try ProtocolFiles.write(printed, to: "rights.md")
        }
        let lines = try ProtocolFiles.text("rights.md").split(separator: "\n", omittingEmptySubsequences: false)
        let found = printed.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines where !found.contains(line) {
            Issue.record("the document says, the rules don't: \(line)")
        }
        for line in found where !lines.contains(line) {
            Issue.record("the rules say, the document doesn't: \(line)")
        }
        #expect(lines == found)
    }

    @Test("every type of change has somebody who may write it", arguments: ChangeType.allCases)
    func somebody(_ type: ChangeType) throws {
        #expect(!RightsTable.writers(of: type).isEmpty)
        let all = Self.authors(Self.municipal, Self.municipalities) + Self.authors(Self.provincial, Self.provinces)
        let sample = try RightsCase(type)
        #expect(try all.contains { try sample.refusal(of: $0.address) == nil })
    }

    private static func authors(
        _ roles: [Role], _ organisations: [(String, String)]
    ) -> [(role: Role, mark: String, address: Address)] {
        roles.flatMap { role in
            organisations.compactMap { mark, code in
                Address("\(code)/\(role.text)").map { (role, mark, $0) }
            }
        }
    }

    // MARK: The document

    private static func document() throws -> String {
        var lines = [
            "# Who may do what", "",
            "The table of rights, printed from the code (`Sources/RegiopostModel/Rules/RightsTable.swift`) by a test",
            "that tries every cell of it. To print it anew: `REGIOPOST_PRINT_RIGHTS=1 swift test --filter RightsTable`.",
            "", "## The rule", "", "| type | who may write it |", "|---|---|",
        ]
        for type in ChangeType.allCases {
            let writers = RightsTable.writers(of: type).map(phrase).joined(separator: "; ")
            lines.append("| `\(type.rawValue)` | \(writers) |")
        }
        lines += [
            "", "Roles that may ask for a meeting:", "", "| kind | roles |", "|---|---|",
        ]
        for kind in MeetingContent.Kind.allCases {
            lines.append("| \(kind.rawValue) | \(names(Rights.requesters(of: kind))) |")
        }
        lines += [
            "", "## The cells", "",
            "Each tried on a subject of one municipality: `o` its own roles may, `m` those of another municipality of",
            "the region may (which is invited, and got the same letter), `r` those of a municipality of another region",
            "may. For roles of a province: `o` the one whose region it is, `m` another one. The account holder of",
            "another region of the same province may nothing on it. A dot: nobody may.", "",
        ]
        lines += try matrix("municipality", municipal, municipalities)
        lines.append("")
        lines += try matrix("province", provincial, provinces)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func matrix(
        _ title: String, _ roles: [Role], _ organisations: [(String, String)]
    ) throws -> [String] {
        var lines = [
            "| \(title) | " + roles.map { $0.text.replacing("-haagse-regio", with: "") }.joined(separator: " | ")
                + " |",
            "|---|" + String(repeating: "---|", count: roles.count),
        ]
        for type in ChangeType.allCases {
            let sample = try RightsCase(type)
            try checkOtherAccounthouder(sample)
            let cells = try roles.map { role in
                let marks = try authors([role], organisations).filter { try isAllowed($0.address, sample) }
                return marks.isEmpty ? "·" : marks.map(\.mark).joined()
            }
            lines.append("| `\(type.rawValue)` | " + cells.joined(separator: " | ") + " |")
        }
        return lines
    }

    private static func checkOtherAccounthouder(_ sample: RightsCase) throws {
        let other = try #require(Address("pv28/accounthouder-drechtsteden"))
        #expect(try !isAllowed(other, sample), "\(sample.type)")
    }

    private static func isAllowed(_ address: Address, _ sample: RightsCase) throws -> Bool {
        guard let code = try sample.refusal(of: address) else { return true }
        #expect(refusals.contains(code), "\(sample.type) by \(address): \(code)")
        return false
    }

    private static func phrase(_ writer: Writer) -> String {
        switch writer.roles {
        case .these(let roles):
            names(roles) + (writer.relation == .anywhere ? "" : " " + writer.relation.rawValue)
        case .requesters:
            "roles that may ask for it" + (writer.relation == .anywhere ? "" : " " + writer.relation.rawValue)
        case .any: writer.relation.rawValue
        }
    }

    private static func names(_ roles: [Role]) -> String {
        roles.map { "`\($0.text)`" }.joined(separator: ", ")
    }
}
