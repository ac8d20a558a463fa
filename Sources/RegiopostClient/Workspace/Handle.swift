import RegiopostModel

/// How people name a letter or a meeting: by the end of its id, or by its number where it has one.
public enum Handle {
    /// What is shown: the last eight digits, which differ even between ids made in the same moment.
    public static func text(_ id: ChangeID) -> String { String(decoding: id.text.utf8.suffix(8), as: UTF8.self) }

    /// What a handle found.
    public enum Found: Equatable, Sendable {
        case one(ChangeID)
        case none
        case several([ChangeID])
    }

    /// Finds what is meant among candidates: by whole id, by the last four digits or more, or by one of the numbers.
    /// Among several with one number the answer is several. O(candidates).
    public static func find(_ text: String, among candidates: [(id: ChangeID, numbers: [String])]) -> Found {
        let wanted = text.lowercased()
        let found = candidates.filter { candidate in
            candidate.id.text == wanted || wanted.count >= 4 && candidate.id.text.hasSuffix(wanted)
                || candidate.numbers.contains { $0.lowercased() == wanted }
        }.map(\.id)
        switch found.count {
        case 0: return .none
        case 1: return .one(found[0])
        default: return .several(found)
        }
    }
}
