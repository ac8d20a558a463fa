import RegiopostModel

/// What of the own mailbox a command needs to show something: it then costs by that, and not by all that is stored. The
/// directory and the outbox always come with it whole.
public enum ReplicaPart: Equatable, Sendable {
    /// The subjects of these kinds, as their names begin: `letter`, `receipt`, …
    case kinds([String])
    /// What the outbox is about, and these subjects; with each receipt, response and term its letter.
    case about([SubjectID])

    /// What the queue shows.
    public static let queue = ReplicaPart.about([])

    /// Whether a subject belongs to it. O(items).
    public func includes(_ subject: SubjectID, outbox: [OutboxItem]) -> Bool {
        if subject.isInDirectory { return true }
        switch self {
        case .kinds(let names): return names.contains { subject.text.hasPrefix($0 + "/") }
        case .about(let subjects):
            return (outbox.map(\.change.subject) + subjects).contains { $0.namesWithLetter.contains(subject.text) }
        }
    }
}

extension SubjectID {
    /// The names of this subject and of the letter that it belongs to.
    public var namesWithLetter: [String] {
        switch self {
        case .receipt(let letter, _), .response(let letter, _), .term(let letter, _):
            [text, SubjectID.letter(letter).text]
        default: [text]
        }
    }
}
