#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Cuts a byte stream into lines that end in one LF, and into counted bytes where a line announced some. Bytes are copied
/// once, when they come in; what is taken is slices of that copy, which live as long as somebody holds them.
///
/// Take everything with `next` and `takeCounted` before appending again: then no more is held than one line and one piece
/// of input, however many bytes were announced. The result does not depend on how the stream was split. O(bytes) in all.
public struct LineFramer: Sendable {
    /// The longest line, in bytes before its line end.
    public let limit: Int

    private var buffer: [UInt8] = []
    /// Where the line under way starts.
    private var start = 0
    /// How far the buffer was searched for an LF, a CR or a NUL.
    private var searched = 0
    /// How many bytes are still to come that are no line.
    private var counted = 0
    private var failure: FramingError?

    /// Makes a framer for lines of at most `limit` bytes before their line end.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held that nothing has been made of yet. At the end of a stream these were cut off.
    public var pending: Int { buffer.count - start }

    /// Takes the next bytes of the stream. After a failure they are dropped.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil, !bytes.isEmpty else { return }
        dropTaken(for: bytes.count)
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next bytes of the stream. After a failure they are dropped.
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// The line just taken announced so many bytes that are no line, whatever they hold. They come from `takeCounted`.
    public mutating func expect(_ count: Int) { counted += count }

    /// As many of the bytes that were announced as have come; `nil` where there are none.
    public mutating func takeCounted() -> ArraySlice<UInt8>? {
        guard failure == nil, counted > 0, start < buffer.count else { return nil }
        let end = start + min(counted, buffer.count - start)
        counted -= end - start
        defer {
            start = end
            searched = end
        }
        return buffer[start..<end]
    }

    /// The next whole line without its line end, or `nil` until more bytes came or announced ones were taken. The error is
    /// final.
    public mutating func next() throws(FramingError) -> ArraySlice<UInt8>? {
        if let failure { throw failure }
        guard counted == 0 else { return nil }
        let from = searched
        let found = buffer.withUnsafeBytes { Self.find(0x0A, in: UnsafeRawBufferPointer(rebasing: $0[from...])) }
        let end = found.map { from + $0 } ?? buffer.count
        // What counts first is what stands first: past the limit nothing is looked at.
        let isBad = buffer.withUnsafeBytes { bytes in
            let new = UnsafeRawBufferPointer(rebasing: bytes[from..<max(from, min(end, start + limit))])
            return Self.find(0x0D, in: new) != nil || Self.find(0x00, in: new) != nil
        }
        guard !isBad else { throw fail(.badByte) }
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
        (start, searched, counted) = (0, 0, 0)
        return error
    }

    /// Forgets what was taken. Where somebody still holds some of it, the rest moves to a buffer of its own,
    /// so that appending never copies what is held elsewhere.
    private mutating func dropTaken(for incoming: Int) {
        guard start > 0 else { return }
        var rest: [UInt8] = []
        rest.reserveCapacity(buffer.count - start + incoming)
        rest.append(contentsOf: buffer[start...])
        buffer = rest
        searched -= start
        start = 0
    }

    private static func find(_ byte: Int32, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let hit = memchr(base, byte, bytes.count) else { return nil }
        return UnsafeRawPointer(hit) - base
    }
}
