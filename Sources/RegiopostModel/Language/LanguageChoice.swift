extension Language {
    /// The language that a program speaks: what `--language` says, else the locale's (POSIX order: LC_ALL, LC_MESSAGES,
    /// LANG), else English.
    public static func preferred(arguments: [String], environment: [String: String]) -> Language {
        for (index, argument) in arguments.enumerated() {
            if argument == "--language", index + 1 < arguments.count,
                let language = Language(rawValue: arguments[index + 1])
            {
                return language
            }
            if argument.hasPrefix("--language="), let language = Language(rawValue: String(argument.dropFirst(11)))
            {
                return language
            }
        }
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
        let locale = names.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return locale.lowercased().hasPrefix("nl") ? .dutch : .english
    }
}
