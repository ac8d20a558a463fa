/// The ways in which people write a reference when they look for it.
public enum ReferenceForms {
    /// Under what every reference in `text` is to be found, in lower case: without separators, without its letters, by
    /// its number alone, and those without leading zeros. In order, each once. O(bytes).
    public static func all(in text: String) -> [String] {
        var forms: [String] = []
        var seen: Set<String> = []
        for mention in ReferenceMention.all(in: text) {
            let number = mention.padded
            let short = String(number.drop { $0 == "0" })
            let whole = mention.prefix.lowercased() + mention.year + number
            for form in [whole, mention.year + number, mention.year + short, number, short] where !form.isEmpty {
                if seen.insert(form).inserted { forms.append(form) }
            }
        }
        return forms
    }

    /// The reference that `text` is as a whole, as `all` writes it without separators; `nil` for any other text.
    public static func compact(_ text: String) -> String? {
        guard let mention = ReferenceMention.all(in: text).first, mention.found == text else { return nil }
        return mention.prefix.lowercased() + mention.year + mention.padded
    }
}

extension ReferenceMention {
    /// The number with the leading zeros that its kind has; as it stands where it is longer.
    fileprivate var padded: String {
        let width = prefix == DossierNumber.prefix ? DossierNumber.width : DocumentNumber.width
        return String(repeating: "0", count: max(0, width - number.utf8.count)) + number
    }
}
