/// A line that is no message of this protocol.
public struct MessageError: Error, Equatable, Sendable {
    /// Which part can't be read: `tag`, `verb`, `space`, `attribute`, or an attribute's name.
    public let field: String

    /// Makes an error about that part.
    public init(_ field: String) {
        self.field = field
    }
}
