/// Something in a text with the shape of a reference: letters, a year, a number, however they are separated.
struct ReferenceMention: Hashable {
    /// What stands in the text, from the first letter to the last digit.
    let found: String
    /// The letters, in capitals.
    let prefix: String
    /// The four digits of the year.
    let year: String
    /// The digits after the year.
    let number: String

    /// Whether `text` is two to four capitals, a dash, four digits, a dash and `width` digits, and nothing else.
    static func isExact(_ text: String, width: Int) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, (2...4).contains(parts[0].count), parts[1].count == 4, parts[2].count == width
        else {
            return false
        }
        return parts[0].allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            && Digits.value(parts[1]) != nil && Digits.value(parts[2]) != nil
    }

    /// The way the same reference is properly written with `width` digits; `nil` where it has more than those.
    func normalised(width: Int) -> String? {
        guard number.utf8.count <= width else { return nil }
        return prefix + "-" + year + "-" + String(repeating: "0", count: width - number.utf8.count) + number
    }

    /// All mentions in `text`, in order. O(bytes).
    static func all(in text: String) -> [ReferenceMention] {
        var scanner = Scanner(bytes: Array(text.utf8))
        var mentions: [ReferenceMention] = []
        while let mention = scanner.next() { mentions.append(mention) }
        return mentions
    }
}

extension ReferenceMention {
    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() -> ReferenceMention? {
            while index < bytes.count {
                guard isLetter(index), index == 0 || !isWord(index - 1) else {
                    index += 1
                    continue
                }
                let start = index
                let letters = run(from: start, where: isLetter)
                index = letters
                guard (2...4).contains(letters - start), let mention = mention(start: start, letters: letters)
                else {
                    continue
                }
                return mention
            }
            return nil
        }

        private mutating func mention(start: Int, letters: Int) -> ReferenceMention? {
            let yearStart = afterSeparators(letters)
            let firstRun = run(from: yearStart, where: isDigit)
            guard firstRun - yearStart >= 4 else { return nil }
            let yearEnd = yearStart + 4
            // Without a separator after the year, the digits simply go on: DOS-20260000042.
            let numberStart = firstRun > yearEnd ? yearEnd : afterSeparators(yearEnd)
            let end = run(from: numberStart, where: isDigit)
            guard (3...15).contains(end - numberStart), end == bytes.count || !isWord(end) else { return nil }
            index = end
            return ReferenceMention(
                found: text(start..<end), prefix: text(start..<letters).uppercased(),
                year: text(yearStart..<yearEnd),
                number: text(numberStart..<end))
        }

        private func run(from start: Int, where matches: (Int) -> Bool) -> Int {
            var end = start
            while end < bytes.count, matches(end) { end += 1 }
            return end
        }

        /// The first index past at most three bytes of space, dash, dot, slash or underscore, or one long dash.
        private func afterSeparators(_ start: Int) -> Int {
            var end = start
            while end < bytes.count, end - start < 3 {
                if " -._/".utf8.contains(bytes[end]) {
                    end += 1
                } else if bytes[end...].starts(with: "–".utf8) || bytes[end...].starts(with: "—".utf8) {
                    end += 3
                } else {
                    break
                }
            }
            return end
        }

        private func isLetter(_ index: Int) -> Bool {
            let byte = bytes[index] | 0x20
            return byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
        }

        private func isDigit(_ index: Int) -> Bool {
            bytes[index] >= UInt8(ascii: "0") && bytes[index] <= UInt8(ascii: "9")
        }

        private func isWord(_ index: Int) -> Bool { isLetter(index) || isDigit(index) || bytes[index] >= 0x80 }

        private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    }
}
