import Glibc

/// What the operating system answered about a path.
public struct FileError: Error, Equatable, Sendable {
    /// What was to be done.
    public enum Operation: Sendable {
        case read, write
    }

    /// The error's number.
    public let number: Int32
    /// What was to be done.
    public let operation: Operation
    /// The path.
    public let path: String

    /// Makes an error.
    public init(_ number: Int32, _ operation: Operation, _ path: String) {
        self.number = number
        self.operation = operation
        self.path = path
    }

    /// The operating system's words.
    public var reason: String { String(cString: strerror(number)) }
}
