import Glibc
import RegiopostModel

/// Bytes that grow at the end, without the checks and copies that an array would make for every few of them.
///
/// One thread fills it; once it is handed on, nobody changes it, and anybody may read it.
final class GrowingBytes: @unchecked Sendable {
    private(set) var start: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        start = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { start.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
    var mutableBytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: start, count: count) }

    /// A copy of a piece.
    func array(_ offset: Int, _ count: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: start + offset, count: count))
    }

    /// Forgets everything and keeps the room.
    func clear() { count = 0 }

    /// Makes room for so many more bytes and counts them in; the caller fills them.
    func extend(by more: Int) -> UnsafeMutablePointer<UInt8> {
        if count + more > capacity { grow(to: count + more) }
        defer { count += more }
        return (start + count).assumingMemoryBound(to: UInt8.self)
    }

    private func grow(to needed: Int) {
        capacity = max(capacity * 2, needed)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = larger
    }

    func put(_ other: UnsafeRawBufferPointer) {
        guard let from = other.baseAddress, !other.isEmpty else { return }
        memcpy(extend(by: other.count), from, other.count)
    }

    func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }

    func put(_ text: StaticString) {
        memcpy(extend(by: text.utf8CodeUnitCount), text.utf8Start, text.utf8CodeUnitCount)
    }

    func put(_ text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    func put(_ byte: UInt8) { extend(by: 1)[0] = byte }

    func put(_ digest: Digest) { digest.write(to: extend(by: 64)) }

    func put(_ id: ChangeID) { id.write(to: extend(by: 36)) }

    /// Writes a number, with zeros before it where it has fewer digits.
    func put(_ number: Int, digits least: Int = 1) {
        var digits = 1
        var rest = number / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        digits = max(digits, least)
        let place = extend(by: digits)
        rest = number
        for index in stride(from: digits - 1, through: 0, by: -1) {
            place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
