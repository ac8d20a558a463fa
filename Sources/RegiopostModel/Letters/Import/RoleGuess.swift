/// Guesses which role a salutation or a copy line means.
enum RoleGuess {
    /// Words, lower case, and the role they mean; the first that occurs decides. A council gets its letters through
    /// its registry.
    private static let words: [(words: Set<Substring>, role: Role)] = [
        (["griffie", "griffier", "raadsgriffie", "raadsgriffier"], .griffie),
        (["raadslid", "raadsleden"], .raadslid),
        (["gemeenteraad", "raad", "gemeenteraden"], .griffie),
        (["formateur", "formateurs"], .formateur),
        (["gemeentesecretaris", "secretaris"], .gemeentesecretaris),
        (["college", "colleges", "wethouders"], .college),
        (["burgemeester", "burgemeesters"], .burgemeester),
    ]

    /// The role at a municipality that `text` seems to mean.
    static func role(in text: String) -> Role? {
        let found = Set(FoldedText(text).words)
        return words.first { !$0.words.isDisjoint(with: found) }?.role
    }
}
