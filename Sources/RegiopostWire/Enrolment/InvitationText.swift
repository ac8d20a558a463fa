import RegiopostModel

/// An invitation as the operator hands it over, one line of text:
/// `regiopost:1:HOST:PORT:ADDRESS:SECRET:PIN`. Everything a client needs to get its certificate; whoever holds it first
/// gets in, so it is a secret.
public struct InvitationText: Hashable, Sendable {
    /// The server's host name or IP address, without brackets.
    public let host: String
    /// The server's port, 1 to 65535.
    public let port: Int
    /// The address invited.
    public let address: Address
    /// The one-time secret, 16 to 64 bytes.
    public let secret: [UInt8]
    /// SHA-256 of the public key (SubjectPublicKeyInfo) of the server's authority.
    public let pin: Digest

    /// No invitation is longer, in bytes.
    public static let maximumBytes = 512
    private static let start = "regiopost:1:"

    /// Makes an invitation; `nil` where a value can't stand in one.
    public init?(host: String, port: Int, address: Address, secret: [UInt8], pin: Digest) {
        guard Self.isHost(host), (1...65_535).contains(port), Limits.secret.contains(secret.count) else {
            return nil
        }
        self.host = host
        self.port = port
        self.address = address
        self.secret = secret
        self.pin = pin
        guard text.utf8.count <= Self.maximumBytes else { return nil }
    }

    /// Reads an invitation: exactly its characters, without spaces or a line end around them. Anything else is `nil`,
    /// another spelling of the same values too.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes, text.hasPrefix(Self.start) else { return nil }
        let rest = text.dropFirst(Self.start.count)
        guard let (host, tail) = Self.splitHost(rest) else { return nil }
        let parts = tail.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let port = Int(parts[0]), let address = Address(parts[1]),
            let secret = Base64URL.decoded(parts[2]), let pin = Digest(parts[3])
        else { return nil }
        self.init(host: host, port: port, address: address, secret: secret, pin: pin)
        guard self.text == text else { return nil }
    }

    /// The invitation as written. An IPv6 address stands in brackets.
    public var text: String {
        let written = host.contains(":") ? "[\(host)]" : host
        let parts = [written, String(port), address.text, Base64URL.encoded(secret), pin.text]
        return Self.start + parts.joined(separator: ":")
    }

    /// The host, and what comes after the colon behind it.
    private static func splitHost(_ text: Substring) -> (host: String, tail: Substring)? {
        let isBracketed = text.hasPrefix("[")
        let closing: Character = isBracketed ? "]" : ":"
        guard let end = text.firstIndex(of: closing) else { return nil }
        let host = String(isBracketed ? text[..<end].dropFirst() : text[..<end])
        let tail = isBracketed ? text[end...].dropFirst() : text[end...]
        guard tail.hasPrefix(":"), host.contains(":") == isBracketed else { return nil }
        return (host, tail.dropFirst())
    }

    /// Letters, digits, hyphens and dots, or with a colon in it the characters of an IPv6 address; at most 253 bytes.
    private static func isHost(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let isAddress = text.contains(":")
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): true
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
            case UInt8(ascii: ":"): isAddress
            case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
                !isAddress
            default: false
            }
        }
    }
}

extension InvitationText: CustomStringConvertible {
    /// The invitation without its secret, so that a log never holds one.
    public var description: String { "the invitation for \(address) at \(host)" }
}
