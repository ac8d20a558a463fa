import Glibc
import RegiopostModel

extension OperatorError {
    /// What the operating system just answered about a path.
    static func system(_ number: Int32, _ phrase: Phrase, _ path: String) -> OperatorError {
        let code: Code =
            switch number {
            case EACCES, EPERM, EROFS: .noPermission
            case ENOENT: .noInput
            default: .io
            }
        return OperatorError(code, phrase, ["path": path, "reason": String(cString: strerror(number))])
    }

    static let cannotRead = Phrase(
        dutch: "{path} kan niet worden gelezen ({reason}).", english: "{path} can't be read ({reason}).")
    static let cannotWrite = Phrase(
        dutch: "{path} kan niet worden geschreven ({reason}).", english: "{path} can't be written ({reason}).")
}
