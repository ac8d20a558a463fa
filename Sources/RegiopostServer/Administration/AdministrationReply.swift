import RegiopostJSON

/// What came of a request: the items found or made, as objects with stable keys, and the error that ended it, if one did.
public struct AdministrationReply: Equatable, Sendable {
    /// One object an item. The keys are for programs and stay.
    public let items: [JSONValue]
    /// Why it wasn't done, or not all of it.
    public let error: OperatorError?

    /// Makes a reply.
    public init(items: [JSONValue] = [], error: OperatorError? = nil) {
        self.items = items
        self.error = error
    }

    /// One line an item and one that ends it, so that no list is too long for the reader of a line.
    var lines: [UInt8] {
        let end: JSONValue =
            if let error {
                .object([
                    "end": .string(error.code.rawValue), "nl": .string(error.text(.dutch)),
                    "en": .string(error.text(.english)),
                ])
            } else {
                .object(["end": .string("done")])
            }
        let all = items.map { JSONValue.object(["item": $0]) } + [end]
        return all.flatMap { $0.encoded() + [UInt8(ascii: "\n")] }
    }

    /// Reads what `lines` wrote; `nil` where something else stands there or the end is missing.
    init?(lines: [UInt8]) {
        var items: [JSONValue] = []
        var end: JSONValue?
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard end == nil, let value = try? JSONReader.read(Array(line)) else { return nil }
            if let item = value["item"] { items.append(item) } else { end = value }
        }
        guard let end, lines.last == UInt8(ascii: "\n"), let word = end["end"]?.string else { return nil }
        if word == "done" {
            self.init(items: items)
            return
        }
        guard let code = OperatorError.Code(rawValue: word), let dutch = end["nl"]?.string,
            let english = end["en"]?.string
        else { return nil }
        self.init(items: items, error: OperatorError(code, dutch: dutch, english: english))
    }
}
