#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Cuts a byte stream into lines that end in one LF. Bytes are copied once, when they come in; the lines are slices
/// of that copy and live as long as somebody holds them.
///
/// Take every line with `next` before appending again: then no more is held than one line and one piece of input.
/// The result does not depend on how the stream was split. O(bytes) in all.
public struct LineFramer: Sendable {
    /// The longest line, in bytes before its line end.
    public let limit: Int

    private var buffer: [UInt8] = []
    /// Where the line under way starts.
    private var start = 0
    /// How far the buffer was searched for an LF.
    private var searched = 0
    /// The first CR or NUL that was found, if any.
    private var badIndex: Int?
    private var failure: FramingError?

    /// Makes a framer for lines of at most `limit` bytes before their line end.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held that no line has been made of yet. At the end of a stream these were cut off.
    public var pending: Int { buffer.count - start }

    /// Takes the next bytes of the stream. After a failure they are dropped.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil, !bytes.isEmpty else { return }
        dropTaken(for: bytes.count)
        let offset = buffer.count
        buffer.append(contentsOf: bytes)
        guard badIndex == nil else { return }
        let found = [Self.find(0x0D, in: bytes), Self.find(0x00, in: bytes)].compactMap(\.self).min()
        badIndex = found.map { offset + $0 }
    }

    /// Takes the next bytes of the stream. After a failure they are dropped.
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// The next whole line without its line end, or `nil` until more bytes came. The error is final.
    public mutating func next() throws(FramingError) -> ArraySlice<UInt8>? {
        if let failure { throw failure }
        let from = searched
        let found = buffer.withUnsafeBytes { Self.find(0x0A, in: UnsafeRawBufferPointer(rebasing: $0[from...])) }
        let end = found.map { from + $0 } ?? buffer.count
        if let badIndex, badIndex < end, badIndex - start < limit { throw fail(.badByte) }
        guard end - start <= limit else { throw fail(.lineTooLong) }
        guard found != nil else {
            searched = buffer.count
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return buffer[start..<end]
    }

    /// Whether the bytes can stand in a line as they are: no LF, no CR, no NUL. O(bytes).
    static func isOneLine(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { bytes in [0x0A, 0x0D, 0x00].allSatisfy { find($0, in: bytes) == nil } }
    }

    private mutating func fail(_ error: FramingError) -> FramingError {
        failure = error
        buffer = []
        (start, searched, badIndex) = (0, 0, nil)
        return error
    }

    /// Forgets the lines that were taken. Where somebody still holds one, the rest moves to a buffer of its own,
    /// so that appending never copies what is held elsewhere.
    private mutating func dropTaken(for incoming: Int) {
        guard start > 0 else { return }
        var rest: [UInt8] = []
        rest.reserveCapacity(buffer.count - start + incoming)
        rest.append(contentsOf: buffer[start...])
        buffer = rest
        searched -= start
        badIndex = badIndex.map { $0 - start }
        start = 0
    }

    private static func find(_ byte: Int32, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let hit = memchr(base, byte, bytes.count) else { return nil }
        return UnsafeRawPointer(hit) - base
    }
}
