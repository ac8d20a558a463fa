/// What may be spoken over TLS, by the name that is negotiated for it (ALPN, RFC 7301).
public enum ApplicationProtocol: String, Sendable, CaseIterable {
    /// Syncing: both sides show certificates.
    case session = "regiopost/1"
    /// Getting a certificate: the client has none yet.
    case enrolment = "regiopost-enrol/1"

    /// The name as it stands in a list of protocols: its length in one byte, then its bytes.
    var listEntry: [UInt8] { [UInt8(rawValue.utf8.count)] + Array(rawValue.utf8) }

    /// The best of those offered in a client's list, or `nil` where it has none of ours or is malformed. The second
    /// value is where its name begins.
    static func choose(from list: UnsafeBufferPointer<UInt8>) -> (ApplicationProtocol, Int)? {
        var found: [ApplicationProtocol: Int] = [:]
        var index = 0
        while index < list.count {
            let start = index + 1
            let end = start + Int(list[index])
            guard end > start, end <= list.count else { return nil }
            let name = String(decoding: UnsafeBufferPointer(rebasing: list[start..<end]), as: UTF8.self)
            if let known = ApplicationProtocol(rawValue: name) { found[known] = start }
            index = end
        }
        for candidate in allCases {
            if let start = found[candidate] { return (candidate, start) }
        }
        return nil
    }
}
