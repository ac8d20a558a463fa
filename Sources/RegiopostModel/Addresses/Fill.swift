/// One mailbox that takes over all that another holds: a successor's.
public struct Fill: Hashable, Sendable {
    /// Whose past it is.
    public let from: Mailbox
    /// Who gets it.
    public let to: Mailbox

    /// Makes a fill.
    public init(from: Mailbox, to: Mailbox) {
        self.from = from
        self.to = to
    }
}
