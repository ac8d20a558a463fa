/// A language that Regiopost speaks to people.
public enum Language: String, Sendable, CaseIterable {
    /// Dutch, the language of its users.
    case dutch = "nl"
    /// English, the language of its code and logs.
    case english = "en"
}
