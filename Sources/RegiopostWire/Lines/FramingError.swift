import RegiopostModel

/// Why a byte stream can't be cut into lines any further. Nothing after it may be read: two readings of one
/// stream are how requests get smuggled.
public enum FramingError: Error, Equatable, Sendable {
    /// A carriage return or a NUL.
    case badByte
    /// A line past the limit.
    case lineTooLong

    /// The code the connection ends with.
    public var code: RefusalCode {
        switch self {
        case .badByte: .badByte
        case .lineTooLong: .lineTooLong
        }
    }
}
