/// Why a journal, or a store beside it, could not do what was asked: a stable code to act on, a sentence for people,
/// and what the storage itself said.
///
/// What an append answers about a proposal (a moved head, a taken id) is an outcome and no error.
public struct JournalError: Error, Hashable, Sendable {
    /// What went wrong, as far as callers act on it.
    public enum Code: String, Sendable, CaseIterable {
        /// Reading, writing or syncing failed.
        case ioFailed = "io-failed"
        /// There is no room.
        case full
        /// The storage contradicts itself.
        case corrupt
        /// The journal was closed.
        case closed
        /// An earlier write failed, so that nothing is written until the journal is opened again.
        case stopped
        /// Somebody else holds the storage.
        case locked
        /// The storage may be read and not written.
        case readOnly = "read-only"
        /// There is no journal at that place.
        case missing
        /// There is something at that place already.
        case alreadyExists = "already-exists"
        /// What is there is not a journal.
        case notJournal = "not-a-journal"
        /// A newer Regiopost made it.
        case newerFormat = "newer-format"
        /// Anything else: a defect of ours.
        case unexpected
    }

    /// The stable code.
    public let code: Code
    /// One sentence for the operator.
    public let sentence: String
    /// What the storage said, where it said something.
    public let cause: String?

    /// Makes an error.
    public init(_ code: Code, _ sentence: String, cause: String? = nil) {
        self.code = code
        self.sentence = sentence
        self.cause = cause
    }

    /// The answer to everything after `close`.
    public static let closed = JournalError(.closed, "The journal is closed.")

    /// The answer to every write after one that failed with `first`.
    public static func stopped(after first: JournalError) -> JournalError {
        JournalError(
            .stopped,
            "An earlier write failed, and what reached the disk is uncertain; open the journal again to go on.",
            cause: first.description)
    }
}

extension JournalError: CustomStringConvertible {
    /// The code, the sentence and the cause.
    public var description: String {
        code.rawValue + ": " + sentence + (cause.map { " (" + $0 + ")" } ?? "")
    }
}
