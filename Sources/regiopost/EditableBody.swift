import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// What a queued change says, in the form its user changes it in: its text, where it has one, or else its body as JSON.
struct EditableBody {
    private let change: Change
    /// Where in the body the text is, `nil` where it has none.
    private let path: [String]?

    /// Where the bodies of changes have their text, the fullest first.
    private static let paths = [["text"], ["content", "text"], ["reason"], ["note"], ["name"]]

    init(_ change: Change) {
        self.change = change
        let body = change.body.json
        path = Self.paths.first { Self.value(at: $0[...], in: body)?.string != nil }
    }

    /// The body's text, `nil` where it has none.
    var said: String? { path.flatMap { Self.value(at: $0[...], in: change.body.json)?.string } }

    /// What an editor opens.
    var text: String { said.map { $0 + "\n" } ?? Self.indented(change.body.json) + "\n" }

    /// The end of the name of the file that an editor opens.
    var suffix: String { path == nil ? "json" : "txt" }

    /// The body that an editor's text comes to.
    func edited(_ text: String) throws -> ChangeBody {
        guard path != nil else { return try read(text) }
        // Editors end a file with a line end that wasn't there.
        return try saying(text: text.last == "\n" ? String(text.dropLast()) : text)
    }

    /// The body with another text.
    func saying(text: String) throws -> ChangeBody {
        guard let path else {
            throw Failure(.data, QueueTexts.noText, ["handle": Handle.text(change.id)])
        }
        return try body(Self.replacing(path[...], by: .string(text), in: change.body.json))
    }

    /// The body that JSON says.
    func read(_ text: String) throws -> ChangeBody { try body(try Self.json(Array(text.utf8))) }

    /// Reads a body as a line with it is read, so that each wrong field names itself.
    private func body(_ value: JSONValue) throws(Refusal) -> ChangeBody {
        guard change.type != nil else { throw Refusal(.unknownType, ["type": change.typeName]) }
        guard case .object(let members) = try Self.json(change.line()) else { return change.body }
        let line = members.map { $0.name == "body" ? JSONMember("body", value) : $0 }
        return try Change(line: JSONValue.object(line).encoded()).body
    }

    private static func json(_ bytes: [UInt8]) throws(Refusal) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(bytes)
        } catch {
            throw Refusal(.badJSON, ["reason": error.reason.rawValue, "offset": String(error.offset)])
        }
    }

    private static func value(at path: ArraySlice<String>, in value: JSONValue) -> JSONValue? {
        guard let name = path.first else { return value }
        return value[name].flatMap { Self.value(at: path.dropFirst(), in: $0) }
    }

    private static func replacing(
        _ path: ArraySlice<String>, by new: JSONValue, in value: JSONValue
    ) -> JSONValue {
        guard let name = path.first else { return new }
        guard case .object(let members) = value else { return value }
        return .object(
            members.map { member in
                guard member.name == name else { return member }
                return JSONMember(name, replacing(path.dropFirst(), by: new, in: member.value))
            })
    }

    /// JSON with a line for each member, for people to edit.
    static func indented(_ value: JSONValue, by depth: Int = 0) -> String {
        let (inner, outer) = (String(repeating: "  ", count: depth + 1), String(repeating: "  ", count: depth))
        switch value {
        case .object(let members) where !members.isEmpty:
            let lines = members.map {
                inner + JSONValue.string($0.name).text + ": " + indented($0.value, by: depth + 1)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
        case .array(let values) where !values.isEmpty:
            let lines = values.map { inner + indented($0, by: depth + 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + outer + "]"
        default: return value.text
        }
    }
}
