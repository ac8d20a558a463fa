import Foundation
import RegiopostJSON
import Testing

/// The files of `Protocol/`, which bind this implementation as any other.
enum ProtocolFiles {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Protocol").standardizedFileURL

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    static func vectors(_ name: String) throws -> JSONValue {
        let data = try Data(contentsOf: folder.appending(path: "vectors/\(name).json"))
        return try JSONReader.read([UInt8](data))
    }

    /// The list called `list` of a vector file; an empty one is a failure.
    static func cases(_ name: String, _ list: String) throws -> [JSONValue] {
        let cases = try #require(try vectors(name)[list]?.array)
        try #require(!cases.isEmpty)
        return cases
    }
}

extension JSONValue {
    /// The text of a member that must be there.
    func text(_ name: String) throws -> String {
        try #require(self[name]?.string, "\(name) of \(self.text)")
    }

    /// The bytes of a member given as text, or as hexadecimal digits under `hex`.
    func bytes(_ name: String) throws -> [UInt8] {
        guard let hex = self["hex"]?.string else { return Array(try text(name).utf8) }
        var bytes: [UInt8] = []
        var rest = hex[...]
        while !rest.isEmpty {
            bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    /// The members that are text, by name.
    var texts: [String: String] {
        Dictionary(
            uniqueKeysWithValues: (members ?? []).compactMap { item in item.value.string.map { (item.name, $0) } })
    }
}
