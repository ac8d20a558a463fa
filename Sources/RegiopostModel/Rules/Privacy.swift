import RegiopostJSON

/// What must not be in any change, whoever writes it.
enum Privacy {
    /// Members that hold a number of somebody's own registry, as their names say.
    private static let references: Set<String> = ["reference", "yourReference"]

    /// Looks for citizen service numbers in whatever people wrote. O(bytes), unless it is known that none stands in the line.
    ///
    /// - Throws: `bsn-found` with field and line, never with the number.
    static func check(_ change: Change, isScreened: Bool) throws(Refusal) {
        if isScreened { return }
        switch change.body {
        case .receiptDelivered, .receiptOpened: return
        default: break
        }
        guard change.author.role != .regiopostd else { return }
        try check(change.body.json, at: "body")
    }

    private static func check(_ value: JSONValue, at path: String) throws(Refusal) {
        switch value {
        case .string(let text):
            // Fewer than eight bytes hold no such number.
            guard text.utf8.count >= 8, let mention = CitizenNumber.mentions(in: text).first(where: \.isCertain)
            else { return }
            throw Refusal(.bsnFound, ["field": path, "line": String(mention.line)])
        case .array(let values):
            for (index, value) in values.enumerated() { try check(value, at: path + "[\(index)]") }
        case .object(let members):
            for member in members where !references.contains(member.name) {
                try check(member.value, at: path + "." + member.name)
            }
        default: return
        }
    }
}
