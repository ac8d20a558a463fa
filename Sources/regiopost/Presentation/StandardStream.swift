import Glibc

/// Standard output and error, written at once: what a watch shows must not wait in a buffer, and a reader that went
/// away must not end us.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Writes a line.
    func line(_ text: String) { lines([text]) }

    /// Writes lines at once.
    func lines(_ texts: [String]) {
        var bytes: [UInt8] = []
        for text in texts {
            bytes += text.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        write(bytes[...])
    }

    /// Writes bytes as they are.
    func write(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
