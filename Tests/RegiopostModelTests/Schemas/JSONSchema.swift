import RegiopostJSON
import Testing

/// As much of JSON Schema 2020-12 as `Protocol/schemas` uses. A keyword that it doesn't know is a failure, or a schema could
/// say something that is never checked.
struct JSONSchema {
    private let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    /// The paths of what doesn't fit; none where all does.
    func errors(in value: JSONValue) throws -> [String] { try errors(value, document, "$") }

    private static let told: Set<String> = ["$schema", "$id", "$defs", "title", "description", "then"]

    private func errors(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
        var found: [String] = []
        for member in schema.members ?? [] where !Self.told.contains(member.name) {
            found += try errors(value, member, of: schema, path)
        }
        return found
    }

    private func errors(
        _ value: JSONValue, _ keyword: JSONMember, of schema: JSONValue, _ path: String
    ) throws -> [String] {
        let wrong = ["\(path) \(keyword.name)"]
        switch (keyword.name, keyword.value) {
        case ("$ref", .string(let name)): return try errors(value, definition(name), path)
        case ("allOf", .array(let all)): return try all.flatMap { try errors(value, $0, path) }
        case ("anyOf", .array(let any)):
            return try any.contains { try errors(value, $0, path).isEmpty } ? [] : wrong
        case ("if", let condition):
            guard try errors(value, condition, path).isEmpty, let then = schema["then"] else { return [] }
            return try errors(value, then, path)
        case ("const", let constant): return value == constant ? [] : wrong
        case ("enum", .array(let values)): return values.contains(value) ? [] : wrong
        case ("type", .string(let type)): return Self.type(of: value) == type ? [] : wrong
        case ("properties", .object(let properties)):
            return try properties.flatMap { property in
                try value[property.name].map { try errors($0, property.value, path + "." + property.name) } ?? []
            }
        case ("items", let items):
            return try (value.array ?? []).enumerated().flatMap { try errors($1, items, path + "[\($0)]") }
        case ("required", .array(let names)):
            guard value.members != nil else { return [] }
            return names.compactMap(\.string).filter { value[$0] == nil }.map { path + "." + $0 + " required" }
        default: return try Self.isBroken(keyword, by: value) ? wrong : []
        }
    }

    private func definition(_ name: String) throws -> JSONValue {
        try #require(document["$defs"]?[String(name.dropFirst("#/$defs/".count))], "\(name)")
    }

    private static func isBroken(_ keyword: JSONMember, by value: JSONValue) throws -> Bool {
        switch keyword.name {
        case "pattern":
            let regex = try Regex(try #require(keyword.value.string)).matchingSemantics(.unicodeScalar)
            return try value.string.map { try regex.firstMatch(in: $0) == nil } ?? false
        case "minLength": return try value.string.map { $0.unicodeScalars.count < (try bound(keyword)) } ?? false
        case "maxLength": return try value.string.map { $0.unicodeScalars.count > (try bound(keyword)) } ?? false
        case "minimum": return try value.integer.map { $0 < (try bound(keyword)) } ?? false
        case "maximum": return try value.integer.map { $0 > (try bound(keyword)) } ?? false
        case "minItems": return try value.array.map { $0.count < (try bound(keyword)) } ?? false
        case "maxItems": return try value.array.map { $0.count > (try bound(keyword)) } ?? false
        default:
            Issue.record("the keyword \(keyword.name) isn't known")
            return true
        }
    }

    private static func bound(_ keyword: JSONMember) throws -> Int { try #require(keyword.value.integer) }

    private static func type(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
