/// A place where bytes from outside come in, as a fuzzer and the tests hand it some.
///
/// A target does with the bytes what the product does, and looks whether it keeps what it promises about them.
/// That nothing traps is the first promise: a trap ends the whole process.
public struct FuzzTarget: Sendable {
    /// Its name, which is also that of its folders in `Fuzzing/Corpus` and `Fuzzing/Crashes`.
    public let name: String
    private let take: @Sendable ([UInt8]) throws(BrokenPromise) -> Void

    /// All of them.
    public static let all = [
        FuzzTarget(name: "framing", take: Framing.take), FuzzTarget(name: "requests", take: Requests.take),
        FuzzTarget(name: "messages", take: Messages.take), FuzzTarget(name: "json", take: JSON.take),
        FuzzTarget(name: "changes", take: Changes.take),
        FuzzTarget(name: "server-session", take: ServerDialogue.take),
        FuzzTarget(name: "client-session", take: ClientDialogue.take),
        FuzzTarget(name: "enrol-session", take: EnrolDialogue.take),
        FuzzTarget(name: "letter", take: Letter.take), FuzzTarget(name: "invitation", take: Invitation.take),
        FuzzTarget(name: "certificate", take: Certificates.take),
    ]

    /// Hands it any bytes.
    ///
    /// Throws where a promise isn't kept.
    public func take(_ bytes: [UInt8]) throws(BrokenPromise) { try take(bytes) }
}

/// What should hold for any bytes, and doesn't for these.
public struct BrokenPromise: Error, Equatable, CustomStringConvertible {
    /// Which promise, and what came instead.
    public let description: String
}

/// Throws unless something holds.
func promise(_ isKept: Bool, _ what: @autoclosure () -> String) throws(BrokenPromise) {
    guard isKept else { throw BrokenPromise(description: what()) }
}

/// Something that should be there, and is.
func promised<Value>(_ value: Value?, _ what: @autoclosure () -> String) throws(BrokenPromise) -> Value {
    guard let value else { throw BrokenPromise(description: what()) }
    return value
}
