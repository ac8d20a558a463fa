import Glibc

private let escape = Array("\\u".utf8)

extension UnsafeRawBufferPointer {
    /// Whether a character is written as an escape somewhere in these bytes of JSON: a word may stand there then that isn't found.
    package var holdsEscape: Bool { holds(escape, rarest: 0) }

    /// Whether a word is in these bytes. Costs one look over them, which is fast where the byte of the word that is looked for
    /// first seldom occurs.
    ///
    /// - Parameter rarest: which byte of the word that is, from 0.
    package func holds(_ word: [UInt8], rarest: Int) -> Bool {
        guard let first = baseAddress else { return false }
        var place = rarest
        while place < count, let found = memchr(first + place, Int32(word[rarest]), count - place) {
            let start = first.distance(to: UnsafeRawPointer(found)) - rarest
            if start + word.count <= count, memcmp(first + start, word, word.count) == 0 { return true }
            place = start + rarest + 1
        }
        return false
    }
}
