import RegiopostModel

/// Why something that the operator asked for wasn't done: a code that decides the exit status, and sentences for
/// people.
public struct OperatorError: Error, Equatable, Sendable {
    /// What kind of trouble it is. The raw values are the names in JSON.
    public enum Code: String, Sendable, CaseIterable {
        /// The command was used wrongly.
        case usage
        /// What was handed in is wrong.
        case data
        /// Something that should be there isn't.
        case noInput = "no-input"
        /// The server, or what it needs, can't be reached.
        case unavailable
        /// A defect of ours.
        case software
        /// Something can't be made.
        case cannotCreate = "cannot-create"
        /// Reading or writing failed.
        case io
        /// Somebody else is at it; the same command can help later.
        case temporary
        /// The operating system doesn't allow it.
        case noPermission = "no-permission"
        /// The data folder or its configuration is not in order.
        case configuration

        /// The exit status by the convention of sysexits.h.
        public var exitStatus: Int32 {
            switch self {
            case .usage: 64
            case .data: 65
            case .noInput: 66
            case .unavailable: 69
            case .software: 70
            case .cannotCreate: 73
            case .io: 74
            case .temporary: 75
            case .noPermission: 77
            case .configuration: 78
            }
        }
    }

    /// What kind of trouble it is.
    public let code: Code
    private let dutch: String
    private let english: String

    /// Makes an error with its sentences, which say what, where, what became of the work and what to do now.
    public init(_ code: Code, _ phrase: Phrase, _ values: [String: String] = [:]) {
        self.init(code, dutch: phrase.text(.dutch, values), english: phrase.text(.english, values))
    }

    init(_ code: Code, dutch: String, english: String) {
        self.code = code
        self.dutch = dutch
        self.english = english
    }

    /// The sentences in a language.
    public func text(_ language: Language) -> String {
        switch language {
        case .dutch: dutch
        case .english: english
        }
    }
}

extension OperatorError: CustomStringConvertible {
    /// The English sentences, for logs.
    public var description: String { english }
}
