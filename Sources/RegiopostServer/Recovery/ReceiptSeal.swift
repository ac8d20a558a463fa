import RegiopostCrypto
import RegiopostJournal
import RegiopostModel
import RegiopostWire

/// Makes the receipts that are delivered with changes, and knows them again when a restored server gets them back.
///
/// A receipt says to the server that made it: this line was delivered to this mailbox, was received then, and had this
/// place among all changes. It is authenticated (HMAC-SHA256, 128 bits of it), because only the server itself has to
/// believe it. The place is masked, or it would tell everybody how busy all the others are.
///
///     1 byte   1, for this layout
///     8 bytes  when the epoch began under which it was delivered, in milliseconds; 0 for a server's first
///     8 bytes  the place, masked with the first bytes of HMAC(mask key, tag)
///     16 bytes the tag: the first bytes of HMAC(tag key, digest, time of receipt, place)
///
/// Both keys are those of one mailbox and one epoch, derived from the server's. Numbers have their most significant byte
/// first.
package struct ReceiptSeal: Sendable {
    /// How many bytes the server's key has.
    static let keyLength = 32
    private static let layout: UInt8 = 1
    private static let tagLength = 16
    private static let length = 17 + tagLength

    private let key: MessageCode
    /// When the present epoch began; 1970 for a server's first.
    let began: Timestamp

    /// Takes the server's key and when the present epoch began.
    package init(key: [UInt8], began: Timestamp) {
        self.key = MessageCode(key: key)
        self.began = began
    }

    /// The keys of one mailbox in one epoch.
    struct Page {
        fileprivate let tag: MessageCode
        fileprivate let mask: MessageCode
        fileprivate let began: Timestamp

        /// The receipt of an entry of that mailbox.
        func token(of entry: MailboxEntry) -> ReceiptToken {
            let tag = tag(entry.digest, entry.receivedAt, entry.number)
            var bytes = [ReceiptSeal.layout] + ReceiptSeal.bytes(UInt64(began.milliseconds))
            bytes += ReceiptSeal.bytes(UInt64(entry.number) ^ mask(tag))
            return ReceiptToken(bytes: bytes + tag)
        }

        fileprivate func tag(_ digest: Digest, _ received: Timestamp, _ number: Int) -> ArraySlice<UInt8> {
            let message =
                digest.bytes + ReceiptSeal.bytes(UInt64(received.milliseconds)) + ReceiptSeal.bytes(UInt64(number))
            return tag.code(of: message).prefix(ReceiptSeal.tagLength)
        }

        fileprivate func mask(_ tag: ArraySlice<UInt8>) -> UInt64 {
            ReceiptSeal.word(mask.code(of: Array(tag)).prefix(8))
        }
    }

    /// The keys for what is delivered to a mailbox now.
    func page(of mailbox: Mailbox) -> Page { page(of: mailbox, began: began) }

    private func page(of mailbox: Mailbox, began: Timestamp) -> Page {
        func derived(_ purpose: String) -> MessageCode {
            let name = Array("regiopost receipt \(purpose)\n\(began.milliseconds)\n\(mailbox.text)".utf8)
            return MessageCode(key: key.code(of: name))
        }
        return Page(tag: derived("tag"), mask: derived("place"), began: began)
    }

    /// Where a change stood that comes back with its receipt; `nil` where this server delivered no such line, received
    /// then, to that mailbox.
    func place(
        of digest: Digest, received: Timestamp, in mailbox: Mailbox, by token: ReceiptToken
    ) -> ChangePlace? {
        guard let bytes = token.bytes, bytes.count == Self.length, bytes[0] == Self.layout,
            let milliseconds = Int64(exactly: Self.word(bytes[1..<9]))
        else { return nil }
        let began = Timestamp(milliseconds: milliseconds)
        guard began.milliseconds == milliseconds else { return nil }
        let page = page(of: mailbox, began: began)
        let tag = bytes[17...]
        guard let number = Int(exactly: Self.word(bytes[9..<17]) ^ page.mask(tag)), number > 0,
            MessageCode.isSame(page.tag(digest, received, number), tag)
        else { return nil }
        return ChangePlace(began: began, number: number)
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }

    private static func word(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
