import RegiopostJSON

/// Looks over what is no whole letter before it is sent: an answer, a note with a request, a reason.
public enum TextChecks {
    /// Members of a body that are written for people.
    private static let texts: Set<String> = ["text", "note", "reason", "minutes", "progress", "title", "audience"]

    /// What a person should look at, in the order of the lines: dossier numbers written wrongly or of another dossier,
    /// contacts left blank, links that lead nowhere, citizen service numbers. O(bytes).
    ///
    /// - Parameter dossier: the dossier that the text belongs to, if it belongs to one.
    public static func warnings(in text: String, dossier: DossierNumber?) -> [LetterWarning] {
        var checks = LetterChecks(lines: LetterLine.split(text), draft: LetterDraft(), dossier: dossier)
        checks.checkMentions(of: dossier)
        checks.checkContent()
        checks.checkCitizenNumbers()
        return checks.sorted
    }

    /// The same for every text of a change.
    ///
    /// - Parameter dossier: the dossier of what it is about; what the change itself says comes first.
    public static func warnings(in body: ChangeBody, dossier: DossierNumber?) -> [LetterWarning] {
        let json = body.json
        return warnings(in: json, dossier: json["dossier"]?.string.flatMap(DossierNumber.init(_:)) ?? dossier)
    }

    private static func warnings(in value: JSONValue, dossier: DossierNumber?) -> [LetterWarning] {
        switch value {
        case .object(let members):
            members.flatMap { member in
                if case .string(let text) = member.value {
                    return texts.contains(member.name) ? warnings(in: text, dossier: dossier) : []
                }
                return warnings(in: member.value, dossier: dossier)
            }
        case .array(let values): values.flatMap { warnings(in: $0, dossier: dossier) }
        default: []
        }
    }
}
