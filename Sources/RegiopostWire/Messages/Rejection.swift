import RegiopostModel

/// A `NO` as a client reads it. A code this client doesn't know yet is no error: `retry` says what to do.
public struct Rejection: Equatable, Sendable {
    /// The code as written.
    public let code: String
    /// When trying again can help.
    public let retry: Retry
    /// What it is about, by name.
    public let details: [String: String]
    /// An English sentence for people; never to be acted on.
    public let text: String

    /// The refusal, where the code is one this program knows.
    public var refusal: Refusal? { RefusalCode(rawValue: code).map { Refusal($0, details) } }

    /// The refusal as it is sent. Details whose name can't stand in a line, or is `retry`, are left out.
    public init(_ refusal: Refusal) {
        code = refusal.code.rawValue
        retry = refusal.code.retry
        details = refusal.details.filter { $0.key != "retry" && LineScanner.isName($0.key.utf8) }
        text = refusal.code.sentence
    }

    init(code: ArraySlice<UInt8>, _ tail: LineTail) throws(MessageError) {
        guard LineScanner.isName(code) else { throw MessageError("code") }
        guard tail.json == nil else { throw MessageError("json") }
        self.code = String(decoding: code, as: UTF8.self)
        retry = try tail.attributes.required("retry", Retry.init(rawValue:))
        var details: [String: String] = [:]
        for (name, value) in tail.attributes.all where name != "retry" {
            details[name] = String(decoding: value, as: UTF8.self)
        }
        self.details = details
        text = tail.text ?? ""
    }

    /// ` code retry=… name=value … :text`, names in alphabetical order.
    func write(to bytes: inout [UInt8]) {
        bytes.append(0x20)
        bytes.put(code)
        bytes.put("retry", retry.rawValue)
        for (name, value) in details.sorted(by: { $0.key < $1.key }) { bytes.put(name, value) }
        bytes.put(text: text)
    }
}
