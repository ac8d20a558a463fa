import Foundation
import RegiopostJSON
import RegiopostModel
import Testing

/// The files of `Protocol/`, which bind this implementation as any other.
enum ProtocolFiles {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Protocol").standardizedFileURL

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    static func write(_ text: String, to name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    /// A member of a vector file.
    static func value(_ name: String, _ member: String) throws -> JSONValue? {
        let data = try Data(contentsOf: folder.appending(path: "vectors/\(name).json"))
        return try JSONReader.read([UInt8](data))[member]
    }

    /// The list called `list` of a vector file; an empty one is a failure.
    static func cases(_ name: String, _ list: String) throws -> [JSONValue] {
        let cases = try #require(try value(name, list)?.array)
        try #require(!cases.isEmpty)
        return cases
    }
}

extension JSONValue {
    /// The text of a member that must be there.
    func text(_ name: String) throws -> String {
        try #require(self[name]?.string, "\(name) of \(self.text)")
    }

    /// The texts of a list; an absent list is empty.
    func texts(_ name: String) -> [String] { self[name]?.array?.compactMap(\.string) ?? [] }

    /// The bytes of the member `line`, filled up where the vector says so.
    func line() throws -> [UInt8] {
        let line = try text("line")
        guard let fill = self["fill"] else { return Array(line.utf8) }
        let times = try #require(fill["times"]?.integer)
        let filling = String(repeating: try fill.text("with"), count: times)
        return Array(line.replacing(try fill.text("mark"), with: filling, maxReplacements: 1).utf8)
    }

    /// This object with a member replaced, added, or (by `nil`) left out.
    func setting(_ name: String, to value: JSONValue?) -> JSONValue {
        var members = members ?? []
        let index = members.firstIndex { $0.name == name } ?? members.endIndex
        if index < members.endIndex { members.remove(at: index) }
        if let value { members.insert(JSONMember(name, value), at: index) }
        return .object(members)
    }
}

/// The refusal that a line gets, `nil` for a change.
func refusal(of line: [UInt8]) -> Refusal? {
    do {
        _ = try Change(line: line)
        return nil
    } catch {
        return error
    }
}
