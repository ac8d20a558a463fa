import RegiopostJSON
import RegiopostModel
import RegiopostTestSupport

/// `Protocol/vectors/rights.json` as the rules have it: for each type of change a step, everybody who tries it, and what
/// comes of that.
enum RightsVectors {
    /// Stands in a line where its author is filled in.
    static let mark = "AUTHOR"

    private static let about = """
        Who may write what. Each of `cases` is a change of one `type`: `line`, with AUTHOR for the address that writes it, \
        and what comes of it where `directory` and the changes in `prior` were taken before, in this order: those in \
        `allowed` may, the others are `refused` with a code. `to` are the addresses among `tried` in whose mailboxes a \
        change is; the directory is in everybody's, and `regiopostd` has them all. `writers` is the rule: whoever fits one \
        of them may. Its `roles` are a list, `requesters` (those of the meeting's kind, below) or absent for any; \
        `relation` is how the author stands to the subject, in words in `relations`. Cases with a comma in their name are \
        about what comes beside that rule: mandates, mergers, letters to others, and who may read up to which level \
        (`clearances`). A refusal may be about more than \
        rights: `unknown-region`, `unknown-organisation`, `bad-field` say that what the author may write as such doesn't \
        fit the directory.
        """

    /// Everybody who tries each step.
    static var tried: [Address] {
        let all =
            RightsTableTests.municipalities.flatMap { _, code in
                RightsTableTests.municipal.map { "\(code)/\($0.text)" }
            }
            + RightsTableTests.provinces.flatMap { _, code in
                RightsTableTests.provincial.map { "\(code)/\($0.text)" }
            } + ["pv28/accounthouder-drechtsteden"]
        return all.compactMap(Address.init(_:))
    }

    /// The file, one case on each line.
    static func document() throws -> String {
        let directory = try Story().accepted
        var lines = [
            "{", "  \"about\": \(JSONValue.string(about).text),",
            "  \"tried\": \(JSONValue.strings(tried.map(\.text)).text),",
            "  \"requesters\": \(requesters.text),", "  \"clearances\": \(clearances.text),",
            "  \"relations\": \(relations.text),", "  \"directory\": [",
        ]
        lines.append(listed(directory.map { .string(text($0)) }))
        lines += ["  ],", "  \"cases\": ["]
        let plain = try ChangeType.allCases.map { (name: $0.rawValue, sample: try RightsCase($0)) }
        let all = try plain + RightsBesidesTable.all()
        lines.append(listed(try all.flatMap { try cases($0.name, $0.sample, after: directory.count) }))
        return (lines + ["  ]", "}"]).joined(separator: "\n") + "\n"
    }

    private static func listed(_ values: [JSONValue]) -> String {
        values.map { "    " + $0.text }.joined(separator: ",\n")
    }

    private static var requesters: JSONValue {
        .object(
            MeetingContent.Kind.allCases.map {
                JSONMember($0.rawValue, .strings(Rights.requesters(of: $0).map(\.text)))
            })
    }

    private static var clearances: JSONValue {
        .object(
            Clearance.table.flatMap { row in
                row.roles.map { JSONMember($0, .string(row.level.rawValue)) }
            })
    }

    private static var relations: JSONValue {
        .object(Writer.Relation.allCases.map { JSONMember("\($0)", .string($0.rawValue)) })
    }

    // MARK: Cases

    private static func cases(
        _ name: String, _ sample: RightsCase, after directory: Int
    ) throws -> [JSONValue] {
        let type = sample.type
        let prior = sample.story.accepted.dropFirst(directory).map { change in
            JSONValue.object([
                "line": .string(text(change)), "to": .strings(readers(of: change, in: sample.story.world)),
            ])
        }
        return try sample.steps.enumerated().map { index, step in
            var allowed: [String] = []
            var refused: [(code: String, addresses: [String])] = []
            for address in tried {
                guard let code = try sample.attempt(step, by: address).refusal?.rawValue else {
                    allowed.append(address.text)
                    continue
                }
                if let known = refused.firstIndex(where: { $0.code == code }) {
                    refused[known].addresses.append(address.text)
                } else {
                    refused.append((code, [address.text]))
                }
            }
            return .object([
                "name": .string(name + (index == 0 ? "" : " at the province")),
                "type": .string(type.rawValue),
                "writers": .array(RightsTable.writers(of: type).map(described)), "prior": .array(Array(prior)),
                "line": .string(try line(sample, step)), "allowed": .strings(allowed),
                "refused": .object(refused.map { JSONMember($0.code, .strings($0.addresses)) }),
            ])
        }
    }

    /// The step as anybody would write it: nothing in it but its author follows from who that is.
    private static func line(
        _ sample: RightsCase, _ step: (subject: SubjectID?, body: ChangeBody)
    ) throws -> String {
        let lines = Set(
            try tried.map { address in
                text(try sample.attempt(step, by: address).change)
                    .replacing("\"author\":\"\(address.text)\"", with: "\"author\":\"\(mark)\"", maxReplacements: 1)
            })
        guard let line = lines.first, lines.count == 1 else { throw SeveralLines(lines: lines) }
        return line
    }

    private static func readers(of change: Change, in world: Correspondence) -> [String] {
        guard let state = world.subject(change.subject)?.state else { return [] }
        let mailboxes = Audience.mailboxes(of: state, in: world.directory)
        return tried.filter {
            $0.role == .regiopostd || mailboxes.contains(.address($0)) || mailboxes.contains(.directory)
        }.map(\.text)
    }

    private static func described(_ writer: Writer) -> JSONValue {
        let roles: JSONValue? =
            switch writer.roles {
            case .these(let roles): .strings(roles.map(\.text))
            case .requesters: .string("requesters")
            case .any: nil
            }
        return .object(["roles": roles, "relation": .string("\(writer.relation)")])
    }

    private static func text(_ change: Change) -> String { String(decoding: change.line(), as: UTF8.self) }

    /// A step that depends on who tries it can't be written down once.
    struct SeveralLines: Error {
        let lines: Set<String>
    }
}
