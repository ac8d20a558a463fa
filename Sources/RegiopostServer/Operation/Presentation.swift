import RegiopostJSON
import RegiopostModel

/// How a reply reads on a terminal, or for a program.
public struct Presentation: Equatable, Sendable {
    /// For standard output.
    public let output: String
    /// For standard error: what people should know and programs shouldn't read.
    public let remarks: String

    /// Presents a reply: for programs one JSON object a line, for people sentences and tables in their language.
    public init(_ request: AdministrationRequest, _ reply: AdministrationReply, _ language: Language, asJSON: Bool)
    {
        let error = reply.error.map { $0.text(language) + "\n" } ?? ""
        if asJSON {
            output = reply.items.map { $0.text + "\n" }.joined()
            remarks = error
            return
        }
        let text = AdministrationText(language: language)
        var lines: [String] = []
        var aside: [String] = []
        switch request {
        case .invite:
            lines = reply.items.compactMap { $0["invitation"]?.string }
            aside = reply.items.map(text.invitation)
        case .revoke(let what): if reply.error == nil { lines = text.revoked(reply.items, of: what) }
        case .status: lines = reply.items.flatMap(text.status)
        case .certificates: if reply.error == nil { lines = text.certificates(reply.items) }
        case .renewServer: lines = reply.items.map(text.renewed)
        case .verify: lines = reply.items.map(text.verified)
        case .loadDirectory: if reply.error == nil { lines = text.loaded(reply.items) }
        case .showDirectory: lines = text.directory(reply.items)
        case .recoveryStatus, .recoveryEnd: lines = text.recovery(reply.items)
        case .order(let order): if reply.error == nil { lines = text.ordered(order, reply.items) }
        }
        output = lines.map { $0 + "\n" }.joined()
        remarks = aside.map { $0 + "\n" }.joined() + error
    }

    /// Presents what was restored.
    public init(restored item: JSONValue, _ language: Language, asJSON: Bool) {
        let lines = asJSON ? [item.text] : AdministrationText(language: language).restored(item)
        output = lines.map { $0 + "\n" }.joined()
        remarks = ""
    }
}
