/// Why a change or a request was not taken: a stable code to act on, and details for the sentence people read.
public struct Refusal: Error, Equatable, Sendable {
    /// The stable code.
    public let code: RefusalCode
    /// What the sentence about it mentions, by stable key: `field`, `expected`, `found`, `current`, …
    public let details: [String: String]

    /// Makes a refusal.
    public init(_ code: RefusalCode, _ details: [String: String] = [:]) {
        self.code = code
        self.details = details
    }
}

/// When trying the same thing again can help.
public enum Retry: String, Sendable, CaseIterable {
    /// Not unless the change is rewritten.
    case never
    /// The same bytes, after a while.
    case later
    /// After a sync, perhaps rewritten on what came in.
    case afterSync = "after-sync"
}
