import RegiopostJournal
import RegiopostModel

/// A change on its way into the journal, and who waits for the answer.
public final class Submission: Sendable {
    /// The author's exact bytes, without the line end.
    public let line: [UInt8]
    /// What the line says, or why it can't be read. Read where the submission is made: connections do that side by side, and
    /// the one that judges them all has less to do.
    let change: Result<Change, Refusal>
    /// Whether it is certain, from the bytes alone, that no citizen's number stands in the line.
    let isScreened: Bool
    /// The address that the connection's certificate speaks for.
    public let address: Address
    /// When the server received it, where it lost it since and takes it again; `nil` for what is new.
    public let receivedBefore: Timestamp?
    /// Called once, from any thread, when the answer is certain.
    public let answer: @Sendable (Answer) -> Void

    /// What becomes of a submission.
    public enum Answer: Sendable, Equatable {
        /// It is durable. `isRepeat` where it was before.
        case accepted(Receipt, isRepeat: Bool)
        /// It was not taken, and nothing of it was kept.
        case refused(Refusal)
    }

    /// Makes a submission. O(bytes).
    public init(
        line: [UInt8], address: Address, receivedBefore: Timestamp? = nil,
        answer: @escaping @Sendable (Answer) -> Void
    ) {
        self.line = line
        do throws(Refusal) { change = .success(try Change(line: line)) } catch { change = .failure(error) }
        isScreened = !CitizenNumber.mayStand(in: line)
        self.address = address
        self.receivedBefore = receivedBefore
        self.answer = answer
    }
}
