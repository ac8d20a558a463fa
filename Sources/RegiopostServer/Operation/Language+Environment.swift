import RegiopostModel

extension Language {
    /// The language that a program's environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that is set decides, as
    /// POSIX has it. Dutch where it begins with `nl`, else English.
    public init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        self = locale?.hasPrefix("nl") == true ? .dutch : .english
    }
}
