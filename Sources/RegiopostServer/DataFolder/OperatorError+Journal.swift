import RegiopostCrypto
import RegiopostJournal
import RegiopostModel

extension OperatorError {
    /// Says what became of the journal.
    init(_ error: JournalError) {
        let code: Code =
            switch error.code {
            case .ioFailed, .full, .corrupt, .notJournal, .newerFormat: .io
            case .closed, .stopped: .unavailable
            case .locked: .temporary
            case .readOnly: .noPermission
            case .missing: .noInput
            case .alreadyExists: .cannotCreate
            case .unexpected: .software
            }
        let reason = error.sentence + (error.cause.map { " (\($0))" } ?? "")
        self.init(code, Self.journal(error.code), ["reason": reason])
    }

    private static func journal(_ code: JournalError.Code) -> Phrase {
        switch code {
        case .full:
            Phrase(
                dutch: "De schijf is vol, er is niets meer geschreven. Maak ruimte en herstart de server. {reason}",
                english: "The disk is full and nothing more was written. Make room and restart the server. {reason}"
            )
        case .stopped:
            Phrase(
                dutch:
                    "Het journaal neemt niets meer aan na een mislukte schrijfactie; wat bevestigd was, staat er. "
                    + "Herstel de schijf en herstart de server. {reason}",
                english: "The journal takes nothing more after a failed write; what was acknowledged is there. "
                    + "Mend the disk and restart the server. {reason}")
        default:
            Phrase(
                dutch: "Het journaal kan dit nu niet. {reason}", english: "The journal can't do this now. {reason}")
        }
    }

    /// Says that a key or certificate of the folder can't be used.
    static func certificate(_ error: CryptoError, _ path: String) -> OperatorError {
        OperatorError(.configuration, unusable, ["path": path, "reason": error.message])
    }

    private static let unusable = Phrase(
        dutch: "{path} kan niet worden gebruikt: {reason}. Zet het bestand terug uit een back-up.",
        english: "{path} can't be used: {reason}. Restore the file from a backup.")
}
