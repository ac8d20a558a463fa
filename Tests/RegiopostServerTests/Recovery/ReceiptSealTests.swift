import RegiopostJournal
import RegiopostModel
import RegiopostWire
import Testing

@testable import RegiopostServer

@Suite("Receipts that go with what is delivered") struct ReceiptSealTests {
    private let key = [UInt8](1...32)
    private let griffie: Mailbox
    private let college: Mailbox

    init() throws {
        griffie = try #require(Mailbox("gm0503/griffie"))
        college = try #require(Mailbox("gm0503/college"))
    }

    private func entry(_ number: Int, _ text: String = "{}", at milliseconds: Int64 = 5_000) -> MailboxEntry {
        let line = Array(text.utf8)
        return MailboxEntry(
            position: 1, line: line, digest: Service.digest(line),
            receivedAt: Timestamp(milliseconds: milliseconds), number: number)
    }

    @Test("the server knows its own again, with the place that the change had") func roundTrip() throws {
        let old = ReceiptSeal(key: key, began: Timestamp(milliseconds: 0))
        let new = ReceiptSeal(key: key, began: Timestamp(milliseconds: 1_778_600_000_000))
        for number in [1, 2, 1_000_000] {
            let entry = entry(number)
            for (seal, other) in [(old, new), (new, old)] {
                let token = seal.page(of: griffie).token(of: entry)
                #expect(token.text.utf8.count == 44)
                #expect(ReceiptToken(token.text) == token)
                let place = other.place(of: entry.digest, received: entry.receivedAt, in: griffie, by: token)
                #expect(place == ChangePlace(began: seal.began, number: number))
            }
        }
        #expect(
            ChangePlace(began: old.began, number: 9) < ChangePlace(began: new.began, number: 1)
                && ChangePlace(began: old.began, number: 1) < ChangePlace(began: old.began, number: 2))
    }

    @Test("it counts for this line, time and mailbox alone, and under this key") func bound() throws {
        let seal = ReceiptSeal(key: key, began: Timestamp(milliseconds: 0))
        let entry = entry(7)
        let token = seal.page(of: griffie).token(of: entry)
        #expect(seal.place(of: entry.digest, received: entry.receivedAt, in: college, by: token) == nil)
        #expect(seal.place(of: entry.digest, received: entry.receivedAt, in: .directory, by: token) == nil)
        let later = entry.receivedAt.adding(milliseconds: 1)
        #expect(seal.place(of: entry.digest, received: later, in: griffie, by: token) == nil)
        let other = Service.digest(Array("{ }".utf8))
        #expect(seal.place(of: other, received: entry.receivedAt, in: griffie, by: token) == nil)
        let stranger = ReceiptSeal(key: [UInt8](2...33), began: Timestamp(milliseconds: 0))
        #expect(stranger.place(of: entry.digest, received: entry.receivedAt, in: griffie, by: token) == nil)
    }

    @Test("no bit of it can be another, and nothing shorter or longer is one") func altered() throws {
        let seal = ReceiptSeal(key: key, began: Timestamp(milliseconds: 0))
        let entry = entry(7)
        let bytes = try #require(seal.page(of: griffie).token(of: entry).bytes)
        for bit in 0..<(bytes.count * 8) {
            var altered = bytes
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            let token = ReceiptToken(bytes: altered)
            #expect(seal.place(of: entry.digest, received: entry.receivedAt, in: griffie, by: token) == nil)
        }
        for wrong in [Array(bytes.dropLast()), bytes + [0], [1]] {
            let token = ReceiptToken(bytes: wrong)
            #expect(seal.place(of: entry.digest, received: entry.receivedAt, in: griffie, by: token) == nil)
        }
    }

    @Test("it doesn't show how many changes there are") func masked() throws {
        let page = ReceiptSeal(key: key, began: Timestamp(milliseconds: 0)).page(of: griffie)
        let places = try (1...64).map { number in
            Array(try #require(page.token(of: entry(number, "{\"n\":\(number)}")).bytes)[9..<17])
        }
        // Small numbers would have six bytes of zeros in front.
        #expect(places.allSatisfy { $0.prefix(6) != [0, 0, 0, 0, 0, 0] })
        #expect(Set(places).count == places.count)
    }
}
