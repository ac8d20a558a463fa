/// A JSON value as I-JSON (RFC 7493) allows it: objects without duplicate keys, members in the order written,
/// numbers whole and exact.
public indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// A whole number within ±`maximumInteger`.
    case number(Int)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One name and value of a JSON object.
public struct JSONMember: Equatable, Sendable {
    /// The member's name, unique in its object.
    public let name: String
    /// The member's value.
    public let value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// The value of the member called `name`, `nil` where this is no object or has no such member. O(members).
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a JSON string, else `nil`.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The largest whole number that every reader of JSON keeps exact (2^53 − 1, RFC 7493 section 2.2).
    public static let maximumInteger = 9_007_199_254_740_991

    /// The value of a JSON number, else `nil`.
    public var integer: Int? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The truth value of `true` or `false`, else `nil`.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of a JSON array, else `nil`.
    public var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The members of a JSON object in the order written, else `nil`.
    public var members: [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A JSON array of strings.
    public static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

    /// An object of the members given; members whose value is `nil` are left out.
    public static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONMember(name, $0) } })
    }
}
