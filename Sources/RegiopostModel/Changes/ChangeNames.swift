import Glibc

/// What a line is called and about, found without reading what it says. It is for lines that a server has judged: whether a
/// line is right, only `Change` tells.
public struct ChangeNames: Equatable, Sendable {
    /// Its id.
    public let id: ChangeID
    /// The name of its subject, as written.
    public let subject: String
    /// How many files it cites.
    public let files: Int

    /// Looks for the names. Costs by the bytes before them, and one look over the rest.
    ///
    /// - Returns: `nil` for a line that this version can't read.
    public init?(line: [UInt8]) {
        guard let names = line.withUnsafeBytes(Self.names) else {
            // Another order, an escaped name, files to be counted: then all of it is read.
            guard let change = try? Change(line: line) else { return nil }
            id = change.id
            subject = change.subject.text
            files = change.body.files.count
            return
        }
        (id, subject) = names
        files = 0
    }

    private static let files = Array("\"files\"".utf8)

    /// The names of a line that begins as most do and cites no file; `nil` where it has to be read.
    private static func names(_ line: UnsafeRawBufferPointer) -> (ChangeID, String)? {
        // A quote is in every line many times, what follows it here isn't.
        guard line.count <= Change.maximumLine, !line.holds(files, rarest: 1), !line.holdsEscape else {
            return nil
        }
        var scan = Scan(line: line)
        guard scan.take("{\"v\":1,\"id\":\""), let id = scan.text(), scan.take(",\"type\":\""), scan.text() != nil,
            scan.take(",\"subject\":\""), let subject = scan.text(), let known = ChangeID(id)
        else { return nil }
        return (known, subject)
    }

    /// Goes through bytes from the front.
    private struct Scan {
        let line: UnsafeRawBufferPointer
        private var index = 0

        init(line: UnsafeRawBufferPointer) { self.line = line }

        mutating func take(_ word: StaticString) -> Bool {
            let count = word.utf8CodeUnitCount
            guard let start = line.baseAddress, line.count - index >= count,
                memcmp(start + index, word.utf8Start, count) == 0
            else { return false }
            index += count
            return true
        }

        /// A short text without escapes, and its closing quote.
        mutating func text() -> String? {
            let first = index
            while index < line.count, index - first <= 200 {
                let byte = line[index]
                index += 1
                if byte == UInt8(ascii: "\"") {
                    return String(
                        decoding: UnsafeRawBufferPointer(rebasing: line[first..<(index - 1)]), as: UTF8.self)
                }
                guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
            }
            return nil
        }
    }
}
