/// Something that a back end did when it opened a journal and that its operator should know.
public struct JournalNotice: Hashable, Sendable {
    /// What it was. The raw values are for logs.
    public enum Code: String, Sendable, CaseIterable {
        /// The remains of a write that was cut short were taken off the end.
        case tailCut = "tail-cut"
        /// The index was made anew.
        case indexRebuilt = "index-rebuilt"
    }

    /// What it was.
    public let code: Code
    /// One sentence.
    public let sentence: String

    /// Makes a notice.
    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }
}
