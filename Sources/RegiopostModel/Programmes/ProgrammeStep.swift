import RegiopostJSON

/// What happens to a programme after it was started.
public enum ProgrammeStep: Equatable, Sendable {
    /// Agreements become part of it. Only their ids stand in it: who may not see one doesn't learn what it says.
    case include([ChangeID])
    case exclude([ChangeID])
    case rename(String)
    case close(note: String?)

    init(_ type: ChangeType, _ fields: Fields) throws(Refusal) {
        switch type {
        case .programmeInclude:
            self = .include(try fields.someValues("agreements", "identifier", ChangeID.init(_:)))
        case .programmeExclude:
            self = .exclude(try fields.someValues("agreements", "identifier", ChangeID.init(_:)))
        case .programmeRename: self = .rename(try fields.text("name", maximum: ProgrammeContent.maximumName))
        default: self = .close(note: try fields.optionalText("note"))
        }
    }

    /// The type of the change that says this.
    public var type: ChangeType {
        switch self {
        case .include: .programmeInclude
        case .exclude: .programmeExclude
        case .rename: .programmeRename
        case .close: .programmeClose
        }
    }

    /// The step's name: its type's without the kind of subject.
    var name: String { String(type.rawValue.dropFirst("programme.".count)) }

    var json: JSONValue {
        switch self {
        case .include(let ids), .exclude(let ids): .object(["agreements": .strings(ids.map(\.text))])
        case .rename(let name): .object(["name": .string(name)])
        case .close(let note): .object(["note": note.map(JSONValue.string)])
        }
    }
}
