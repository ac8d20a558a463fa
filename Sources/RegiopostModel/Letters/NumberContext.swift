/// What stands around a number, and what that says about it.
struct NumberContext {
    /// Whether a word before it says that it is a BSN.
    let isLabelled: Bool
    /// Whether something says that it is another kind of number: a word before it, a currency, or that it is only a part
    /// of something longer, such as Z-123456782, a telephone number or the address of a page.
    let isOtherwise: Bool

    /// Words that say that a number after them is a BSN.
    static let citizen: Set<String> = [
        "bsn", "burgerservicenummer", "burgerservicenr", "sofinummer", "sofi", "persoonsnummer", "citizen",
    ]
    /// Words that say that it is something else. `Protocol/vectors/bsn.json` has both.
    static let others: Set<String> = [
        "rsin", "kvk", "handelsregister", "btw", "oin", "iban", "rekening", "rekeningnummer", "bankrekening",
        "giro",
        "tel", "telefoon", "telefoonnummer", "fax", "mobiel", "phone", "zaak", "zaaknr", "zaaknummer", "kenmerk",
        "referentie", "dossier", "dossiernummer", "document", "documentnummer", "factuur", "factuurnummer", "order",
        "ordernummer", "bestelnummer", "project", "projectnummer", "polis", "polisnummer", "registratienummer",
        "perceel", "isbn", "eur", "euro", "bedrag", "case", "reference", "invoice",
    ]
    /// How far back a word is looked for, in bytes.
    private static let reach = 60

    /// Looks around the number that stands from `start` to before `end`. O(1).
    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        let before = Self.line(bytes[max(0, start - Self.reach)..<start], last: true)
        let after = Self.line(bytes[end..<min(bytes.count, end + 12)], last: false)
        let words = before.lowercased().split { !$0.isLetter && !$0.isNumber }.suffix(3).reversed()
        let label = words.lazy.map(String.init).first { Self.citizen.contains($0) || Self.others.contains($0) }
        isLabelled = label.map(Self.citizen.contains) ?? false
        isOtherwise =
            label.map(Self.others.contains) ?? false || Self.goesOn(before, after)
            || Self.isAmount(before, after)
    }

    /// The end or the beginning of a text, up to the line's.
    private static func line(_ bytes: ArraySlice<UInt8>, last: Bool) -> Substring {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        return (last ? lines.last : lines.first) ?? ""
    }

    private static func goesOn(_ before: Substring, _ after: Substring) -> Bool {
        if let character = before.last {
            if character.isLetter || character.isNumber || "-–_/\\@#=+)&%".contains(character) { return true }
            if ".,".contains(character), before.dropLast().last?.isNumber == true { return true }
            // The rest of a telephone number: +31 612345678, 06 - 12345678.
            let words = before.split(separator: " ").suffix(2)
            let word = words.last ?? ""
            if word.first == "+" || word.hasSuffix("0)") { return true }
            if ["-", "–"].contains(word), words.count == 2, words.first?.last?.isNumber == true { return true }
        }
        guard let character = after.first else { return false }
        return character.isLetter || character.isNumber || "-–_/\\@%".contains(character)
            || ".,".contains(character) && after.dropFirst().first?.isNumber == true
    }

    private static func isAmount(_ before: Substring, _ after: Substring) -> Bool {
        before.last { !$0.isWhitespace } == "€" || after.lowercased().drop(while: \.isWhitespace).hasPrefix("eur")
    }
}
