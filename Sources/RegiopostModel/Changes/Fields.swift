import RegiopostJSON

/// Reads the members of a JSON object; what is missing or wrong is refused with the path of the field.
struct Fields {
    /// No text in a change is longer, in bytes of UTF-8, unless its reader says otherwise.
    static let maximumText = 4_000
    /// No list in a change is longer.
    static let maximumList = 500

    let value: JSONValue
    /// Where this object stands in the change, empty for the change itself.
    let path: String

    init(_ value: JSONValue, path: String = "") throws(Refusal) {
        guard case .object = value else { throw Refusal(.badField, ["field": path, "expected": "object"]) }
        self.value = value
        self.path = path
    }

    func refusal(_ name: String, expected: String) -> Refusal {
        Refusal(.badField, ["field": fieldPath(name), "expected": expected])
    }

    func isPresent(_ name: String) -> Bool { present(name) != nil }

    func required<Value>(_ name: String, _ value: Value?) throws(Refusal) -> Value {
        guard let value else { throw Refusal(.missingField, ["field": fieldPath(name)]) }
        return value
    }

    func text(_ name: String, maximum: Int = maximumText) throws(Refusal) -> String {
        try required(name, optionalText(name, maximum: maximum))
    }

    /// A text with something in it; white space alone doesn't count.
    func optionalText(_ name: String, maximum: Int = maximumText) throws(Refusal) -> String? {
        guard let member = present(name) else { return nil }
        guard let text = member.string, Self.isText(text, maximum) else {
            throw refusal(name, expected: "text of 1 to \(maximum) bytes")
        }
        return text
    }

    /// The texts of a list, each with something in it; an absent list is empty.
    func texts(_ name: String, maximum: Int = maximumText) throws(Refusal) -> [String] {
        try values(name, "text of 1 to \(maximum) bytes") { Self.isText($0, maximum) ? $0 : nil }
    }

    /// Asked by scalars, since what a character is differs between languages and versions of Unicode.
    private static func isText(_ text: String, _ maximum: Int) -> Bool {
        text.utf8.count <= maximum && text.unicodeScalars.contains { !$0.properties.isWhitespace }
    }

    func value<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) throws(Refusal) -> Value {
        try required(name, optionalValue(name, expected, read))
    }

    func optionalValue<Value>(
        _ name: String, _ expected: String, _ read: (String) -> Value?
    ) throws(Refusal) -> Value? {
        guard let member = present(name) else { return nil }
        guard let text = member.string, let value = read(text) else { throw refusal(name, expected: expected) }
        return value
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(Refusal) -> Int {
        let member = try required(name, present(name))
        guard let value = member.integer, range.contains(value) else {
            throw refusal(name, expected: "whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// `true` or `false`; `nil` where it is absent.
    func optionalTruth(_ name: String) throws(Refusal) -> Bool? {
        guard let member = present(name) else { return nil }
        guard let truth = member.bool else { throw refusal(name, expected: "true or false") }
        return truth
    }

    /// A member that is an object.
    func object(_ name: String) throws(Refusal) -> Fields {
        try Fields(required(name, present(name)), path: fieldPath(name))
    }

    /// A member that is an object, `nil` where it is absent.
    func optionalObject(_ name: String) throws(Refusal) -> Fields? {
        guard let member = present(name) else { return nil }
        return try Fields(member, path: fieldPath(name))
    }

    /// The objects of a list; an absent list is empty.
    func objects(_ name: String) throws(Refusal) -> [Fields] {
        var objects: [Fields] = []
        for (index, element) in try elements(name).enumerated() {
            objects.append(try Fields(element, path: fieldPath(name) + "[\(index)]"))
        }
        return objects
    }

    /// The values of a list of strings; an absent list is empty.
    func values<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) throws(Refusal) -> [Value] {
        var values: [Value] = []
        for (index, element) in try elements(name).enumerated() {
            guard let text = element.string, let value = read(text) else {
                throw refusal(name + "[\(index)]", expected: expected)
            }
            values.append(value)
        }
        return values
    }

    /// The values of a list of strings that must be there and hold something.
    func someValues<Value>(
        _ name: String, _ expected: String, _ read: (String) -> Value?
    ) throws(Refusal) -> [Value] {
        _ = try required(name, present(name))
        let values = try values(name, expected, read)
        guard !values.isEmpty else { throw refusal(name, expected: "at least one \(expected)") }
        return values
    }

    private func elements(_ name: String) throws(Refusal) -> [JSONValue] {
        guard let member = present(name) else { return [] }
        guard case .array(let elements) = member, elements.count <= Self.maximumList else {
            throw refusal(name, expected: "list of at most \(Self.maximumList)")
        }
        return elements
    }

    /// A member that is `null` counts as absent.
    func present(_ name: String) -> JSONValue? {
        guard let member = value[name], member != .null else { return nil }
        return member
    }

    private func fieldPath(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
}
