/// How far a letter got with one address: available, delivered, opened. `available` follows from publishing.
public struct ReceiptState: Equatable, Sendable {
    /// Where the letter came from.
    public let route: Route
    /// The address whose receipt it is.
    public let address: Address
    /// When the server saw that a client of the address has the letter.
    public private(set) var deliveredAt: Timestamp?
    /// When the server heard that somebody opened it.
    public private(set) var openedAt: Timestamp?
    /// Whether somebody opened it; known before the time is, while the change is still in an outbox.
    public private(set) var isOpened = false

    init(route: Route, address: Address) {
        self.route = route
        self.address = address
    }

    /// The first one counts; repeating it changes nothing.
    mutating func deliver(at time: Timestamp?) { deliveredAt = deliveredAt ?? time }

    /// The first one counts; repeating it changes nothing.
    mutating func open(at time: Timestamp?) {
        isOpened = true
        openedAt = openedAt ?? time
    }
}
