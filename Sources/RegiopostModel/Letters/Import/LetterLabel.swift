/// The labels that a letter's head puts before its values.
enum LetterLabel {
    /// Each label, lower case, with the field it names.
    private static let fields: [(label: String, field: LetterField)] = [
        ("datum", .date), ("verzenddatum", .date),
        ("ons kenmerk", .ourReference), ("kenmerk", .ourReference), ("onze referentie", .ourReference),
        ("dossiernummer", .ourReference), ("dos-nummer", .ourReference), ("documentnummer", .ourReference),
        ("uw kenmerk", .yourReference), ("uw referentie", .yourReference),
        ("bijlage(n)", .attachments), ("bijlagen", .attachments), ("bijlage", .attachments),
        ("aantal bijlagen", .attachments),
        ("onderwerp", .subject), ("betreft", .subject),
    ]

    /// The field that `line` is the label of, and the value that follows on the same line, if any.
    static func match(_ line: LetterLine) -> (field: LetterField, value: String?)? {
        for (label, field) in fields {
            if let value = value(after: label, in: line) { return (field, value.isEmpty ? nil : value) }
        }
        return nil
    }

    /// What follows `label` and a colon, a tab or a gap on `line`: empty where the label stands alone, `nil` where
    /// the line doesn't start with the label.
    static func value(after label: String, in line: LetterLine) -> String? {
        guard !line.plain.isEmpty, line.plain.prefix(label.count).lowercased() == label else { return nil }
        let rest = line.plain.dropFirst(label.count)
        let value = LetterLine.trimmed(rest)
        if value.isEmpty { return "" }
        if value.first == ":" { return String(LetterLine.trimmed(value.dropFirst())) }
        return rest.first == "\t" || rest.hasPrefix("  ") ? String(value) : nil
    }
}
