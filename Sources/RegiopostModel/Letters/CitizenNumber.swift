import RegiopostJSON

/// Dutch citizen service numbers (burgerservicenummers, BSN) in a text. They never belong in this correspondence.
///
/// One number of nine digits in eleven passes the test that every BSN passes, so what stands around a number counts as
/// well: `Protocol/decisions` has the rule and its reasons.
public enum CitizenNumber {
    /// A number that is one, or may be.
    public struct Mention: Hashable, Sendable {
        /// The line, 1 for the text's first.
        public let line: Int
        /// Whether it is taken for one. Eight digits alone, which would need a zero before them, are a guess.
        public let isCertain: Bool
    }

    /// The BSN in `text`, in order. The numbers themselves are not handed out. O(bytes).
    public static func mentions(in text: String) -> [Mention] {
        var scanner = Scanner(bytes: Array(text.utf8))
        var mentions: [Mention] = []
        while let mention = scanner.next() { mentions.append(mention) }
        return mentions
    }

    /// Whether a line of JSON may say one anywhere: `false` is certain, and found without taking the line apart. What is written
    /// with an escape could be a digit or a space. O(bytes).
    public static func mayStand(in line: [UInt8]) -> Bool {
        if line.withUnsafeBytes(\.holdsEscape) { return true }
        var scanner = Scanner(bytes: line)
        return scanner.nextShape() != nil
    }

    /// Whether nine digits pass the test of eleven: nine times the first plus eight times the second and so on to twice
    /// the eighth, less the ninth, is a multiple of eleven, and not zero.
    static func passes(_ digits: [UInt8]) -> Bool {
        guard digits.count == 9 else { return false }
        let values = digits.map { Int($0) - 0x30 }
        let sum = values.prefix(8).enumerated().reduce(-values[8]) { $0 + (9 - $1.offset) * $1.element }
        return sum % 11 == 0 && values.contains { $0 != 0 }
    }
}

extension CitizenNumber {
    /// Finds runs of digits with the shape of a BSN and looks at what stands around them.
    private struct Scanner {
        let bytes: [UInt8]
        var index = 0
        var line = 1

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() -> Mention? {
            while let (start, shape) = nextShape() {
                let context = NumberContext(bytes, from: start, to: shape.end)
                if context.isLabelled || shape.isFull && !context.isOtherwise {
                    return Mention(line: line, isCertain: true)
                }
                if !context.isOtherwise, !isDate(shape.digits) { return Mention(line: line, isCertain: false) }
            }
            return nil
        }

        /// The next number with the shape of a BSN that passes its test.
        mutating func nextShape() -> (start: Int, shape: Shape)? {
            // Up to where no eight bytes have to be looked at together any more.
            var eight = index
            while index < bytes.count {
                if index >= eight {
                    index = bytes.withUnsafeBytes { [index] bytes in
                        EightBytes.pass(bytes, from: index, noDigitNor: UInt8(ascii: "\n"))
                    }
                    eight = index + 8
                    guard index < bytes.count else { break }
                }
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                guard isDigit(index) else {
                    index += 1
                    continue
                }
                let start = index
                let shape = shape(from: start)
                index = shape?.end ?? digits(from: start)
                if let shape, CitizenNumber.passes(shape.digits) { return (start, shape) }
            }
            return nil
        }

        typealias Shape = (digits: [UInt8], end: Int, isFull: Bool)

        /// Nine digits in a row, as 123.456.789 or as 1234.56.789, or eight in a row.
        private func shape(from start: Int) -> Shape? {
            let end = digits(from: start)
            switch end - start {
            case 9: return (Array(bytes[start..<end]), end, true)
            case 8: return ([UInt8(ascii: "0")] + bytes[start..<end], end, false)
            case 3, 4: return grouped(start, end)
            default: return nil
            }
        }

        private func grouped(_ start: Int, _ first: Int) -> Shape? {
            let separator = separator(at: first)
            guard !separator.isEmpty, !endsInGroup(before: start) else { return nil }
            let second = first + separator.count
            let middle = digits(from: second)
            guard middle - second == (first - start == 3 ? 3 : 2), self.separator(at: middle) == separator else {
                return nil
            }
            let third = middle + separator.count
            let end = digits(from: third)
            guard end - third == 3 else { return nil }
            let after = self.separator(at: end)
            // One group more, and it is another number.
            if !after.isEmpty, end + after.count < bytes.count, isDigit(end + after.count) { return nil }
            return (Array(bytes[start..<first] + bytes[second..<middle] + bytes[third..<end]), end, true)
        }

        /// Whether a group of digits and a separator stand just before.
        private func endsInGroup(before start: Int) -> Bool {
            [1, 2, 3].contains { length in
                start - length > 0 && isDigit(start - length - 1)
                    && separator(at: start - length).count == length
            }
        }

        /// A full stop or a space, be it one that doesn't break; empty where there is none.
        private func separator(at index: Int) -> ArraySlice<UInt8> {
            guard index < bytes.count else { return [] }
            switch bytes[index] {
            case UInt8(ascii: "."), UInt8(ascii: " "): return bytes[index...index]
            case 0xC2 where bytes[index...].starts(with: [0xC2, 0xA0]): return bytes[index..<index + 2]
            case 0xE2 where bytes[index...].starts(with: [0xE2, 0x80, 0xAF]): return bytes[index..<index + 3]
            default: return []
            }
        }

        /// 20260327 is more likely a day than a BSN.
        private func isDate(_ digits: [UInt8]) -> Bool {
            guard let number = Digits.value(digits) else { return false }
            return (1900...2099).contains(number / 10_000)
                && CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100) != nil
        }

        private func digits(from start: Int) -> Int {
            var end = start
            while end < bytes.count, isDigit(end) { end += 1 }
            return end
        }

        private func isDigit(_ index: Int) -> Bool {
            bytes[index] >= UInt8(ascii: "0") && bytes[index] <= UInt8(ascii: "9")
        }
    }
}
