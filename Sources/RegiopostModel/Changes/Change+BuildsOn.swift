extension SubjectID {
    /// The change that started it, where its name says so.
    public var start: ChangeID? {
        switch self {
        case .letter(let id), .receipt(let id, _), .response(let id, _), .joint(let id), .draft(let id),
            .meeting(let id), .agreement(let id), .programme(let id), .term(let id, _):
            id
        case .organisation, .region, .mandate, .other: nil
        }
    }
}

extension Change {
    /// The changes that must be there before this one: what it says so of, and what started the thing it is about.
    public var buildsOn: [ChangeID] {
        let start = subject.start
        return needs + [after, start == id ? nil : start].compactMap(\.self)
    }
}
