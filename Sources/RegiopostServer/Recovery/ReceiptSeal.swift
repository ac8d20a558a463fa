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
///     1 byte   2, for this layout
///     8 bytes  when the epoch began under which it was delivered, in milliseconds; 0 for a server's first
///     8 bytes  the place, masked with the first bytes of AES-256(mask key, tag), as synthetic initialisation vectors are used
///     16 bytes the tag: the first bytes of HMAC(tag key, digest, time of receipt, place)
///
/// Both keys are those of one mailbox and one epoch, derived from the server's. Numbers have their most significant byte
/// first.
package struct ReceiptSeal: Sendable {
    /// How many bytes the server's key has.
    static let keyLength = 32
    private static let layout: UInt8 = 2
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
        fileprivate let mask: BlockCipher
        fileprivate let began: Timestamp

        /// The receipt of an entry of that mailbox.
        func token(of entry: MailboxEntry) -> ReceiptToken {
            let tag = tag(entry.digest, entry.receivedAt, entry.number)
            let words = (UInt64(began.milliseconds), UInt64(entry.number) ^ mask(tag), tag.0, tag.1)
            return withUnsafeTemporaryAllocation(byteCount: ReceiptSeal.length, alignment: 1) { bytes in
                bytes[0] = ReceiptSeal.layout
                bytes.storeBytes(of: words.0.bigEndian, toByteOffset: 1, as: UInt64.self)
                bytes.storeBytes(of: words.1.bigEndian, toByteOffset: 9, as: UInt64.self)
                bytes.storeBytes(of: words.2.bigEndian, toByteOffset: 17, as: UInt64.self)
                bytes.storeBytes(of: words.3.bigEndian, toByteOffset: 25, as: UInt64.self)
                return ReceiptToken(bytes: UnsafeRawBufferPointer(bytes))
            }
        }

        fileprivate func tag(_ digest: Digest, _ received: Timestamp, _ number: Int) -> (UInt64, UInt64) {
            let message = (
                digest.words.0.bigEndian, digest.words.1.bigEndian, digest.words.2.bigEndian,
                digest.words.3.bigEndian, UInt64(received.milliseconds).bigEndian, UInt64(number).bigEndian
            )
            let code = withUnsafeBytes(of: message) { tag.words(of: $0) }
            return (code.0, code.1)
        }

        fileprivate func mask(_ tag: (UInt64, UInt64)) -> UInt64 { mask.encrypted(tag).0 }
    }

    /// The keys for what is delivered to a mailbox now.
    func page(of mailbox: Mailbox) -> Page { page(of: mailbox, began: began) }

    private func page(of mailbox: Mailbox, began: Timestamp) -> Page {
        func derived(_ purpose: String) -> [UInt8] {
            key.code(of: Array("regiopost receipt \(purpose)\n\(began.milliseconds)\n\(mailbox.text)".utf8))
        }
        return Page(
            tag: MessageCode(key: derived("tag")), mask: BlockCipher(key: derived("place")), began: began)
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
        let tag = (Self.word(bytes[17..<25]), Self.word(bytes[25...]))
        guard let number = Int(exactly: Self.word(bytes[9..<17]) ^ page.mask(tag)), number > 0 else { return nil }
        let expected = page.tag(digest, received, number)
        // Compared whole, so that the time it takes tells nothing.
        guard (expected.0 ^ tag.0) | (expected.1 ^ tag.1) == 0 else { return nil }
        return ChangePlace(began: began, number: number)
    }

    private static func word(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
