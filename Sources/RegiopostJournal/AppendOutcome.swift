import RegiopostModel

/// What became of one proposal.
public enum AppendOutcome: Hashable, Sendable {
    /// It was written, durably.
    case appended(Receipt)
    /// The same id with the same bytes was written before: the first receipt again, wherever the heads are now.
    case already(Receipt)
    /// The id was used for other bytes. Only the same author may be shown the receipt.
    case idTaken(Receipt, sameAuthor: Bool)
    /// The last change of the subject, or of another that the check rested on, is another one; `nil` where the subject does not exist. To be checked again.
    case headMoved(current: ChangeID?)
    /// The directory changed since the check. To be checked again.
    case directoryMoved(current: Int)
}
