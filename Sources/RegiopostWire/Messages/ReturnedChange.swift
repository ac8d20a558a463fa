import RegiopostModel

/// A change that a client gives back to a server that delivered it once and was restored from a backup without it.
public struct ReturnedChange: Equatable, Sendable {
    /// The mailbox that it was delivered to.
    public let mailbox: MailboxName
    /// When the server received it, as it said then.
    public let received: Timestamp
    /// The receipt that came with it.
    public let receipt: ReceiptToken
    /// The author's exact bytes, from `{` to before the line end.
    public let bytes: ArraySlice<UInt8>

    /// Makes a returned change.
    public init(mailbox: MailboxName, received: Timestamp, receipt: ReceiptToken, bytes: ArraySlice<UInt8>) {
        self.mailbox = mailbox
        self.received = received
        self.receipt = receipt
        self.bytes = bytes
    }

    init(_ tail: LineTail) throws(MessageError) {
        guard let json = tail.json else { throw MessageError("json") }
        received = try tail.attributes.required("received", Timestamp.init)
        receipt = try tail.attributes.required("receipt", ReceiptToken.init)
        mailbox = try tail.attributes.mailbox()
        bytes = json
    }

    func write(to line: inout [UInt8]) {
        line.put("mailbox", mailbox.rawValue)
        line.put("received", received)
        line.put("receipt", receipt)
        line.append(0x20)
        line.append(contentsOf: bytes)
    }
}
