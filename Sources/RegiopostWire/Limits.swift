/// Every bound of a conversation, in one place. What a peer must know stands in the greeting; nothing is unlimited.
public struct Limits: Equatable, Sendable {
    /// The longest JSON text in a line, in bytes. Advertised as `line`.
    public var line: Int
    /// How many requests may be under way on one connection. Advertised as `requests`.
    public var requests: Int
    /// How many changes one PULL returns at most. Advertised as `page`.
    public var page: Int
    /// A page ends with the change that takes it to this many bytes of changes.
    public var pageBytes: Int
    /// Seconds without a line from the client after which the server ends the connection. Advertised as `idle`.
    public var idle: Int
    /// Unsent bytes of output above which nothing more is read from the client or its mailboxes.
    public var backlog: Int
    /// Seconds in which a peer must take some of the output waiting for it, or be cut off.
    public var stall: Int
    /// Seconds in which a connection that is ending must have sent its last replies.
    public var closing: Int
    /// Seconds in which a client must see the greeting, and a server the end of the handshake.
    public var greeting: Int
    /// ENROL attempts that may fail on one connection before it ends.
    public var enrolAttempts: Int
    /// The largest blob, in bytes. Advertised as `blob`.
    public var blob = 52_428_800
    /// How many bytes one BLOB carries, and one FETCH brings, at most. Advertised as `chunk`.
    public var chunk = 1_048_576
    /// Bytes of changes and blobs under way from one client above which nothing more is read from it.
    /// One more piece of input, and what the line under way has already, may come on top.
    public var underWay = 4_194_304
    /// How many connections may stand.
    public var connections = 10_000
    /// How many of them may be of clients that haven't shown a certificate yet, or enrol. One more ends the oldest.
    public var strangers = 500
    /// How many may stand with one certificate. One more ends the oldest.
    public var sessions = 10
    /// How many lines a client that enrols may send on one connection.
    public static let enrolLines = 16

    /// The limits of `regiopost/1` unless an operator sets others.
    public static let standard = Limits(
        line: 1_048_576, requests: 256, page: 1_000, pageBytes: 1_048_576, idle: 900, backlog: 262_144, stall: 30,
        closing: 10, greeting: 10, enrolAttempts: 5)

    /// The limits of `regiopost-enrol/1`: short lines, one request at a time, little patience.
    public static let enrolment = Limits(
        line: 65_536, requests: 1, page: 1, pageBytes: 1, idle: 30, backlog: 65_536, stall: 10, closing: 5,
        greeting: 10, enrolAttempts: 5)

    /// The longest line, in bytes before its line end: JSON of `line` bytes and what stands before it.
    public var longestLine: Int { line + Self.envelope }

    /// How many bytes may stand before the JSON of a line.
    public static let envelope = 1_024
    /// How many attributes one line may have.
    public static let attributes = 32
    /// How many bytes the name of an attribute, or a code, may have.
    public static let name = 32
    /// How many bytes a tag may have.
    public static let tag = 32
    /// How many bytes a verb may have.
    public static let verb = 16
    /// How many characters a cursor may have.
    public static let cursor = 128
    /// How many bytes an invitation's secret has: at least 128 bits, at most 512.
    public static let secret = 16...64
    /// How many bytes a certificate request or certificate may have.
    public static let certificate = 16_384
    /// A page is sent in pieces of about this many bytes: few of them make a page, and an allocator has room for one at hand.
    public static let outputPiece = 60_000
}
