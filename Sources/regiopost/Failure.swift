import ArgumentParser
import RegiopostClient
import RegiopostModel

/// Why a command didn't do what was asked, with the exit status by the convention of sysexits.h.
struct Failure: Error {
    /// Exit statuses that scripts can act on.
    enum Status: Int32 {
        /// What was handed in is wrong; the same again doesn't help.
        case data = 65
        /// A file isn't there.
        case noInput = 66
        /// The server can't be reached; the work is in the queue.
        case unavailable = 69
        /// This machine's disk doesn't take it.
        case io = 74
        /// It was cut off, or the server asked to come back later; the work is in the queue.
        case temporary = 75
        /// The server doesn't let this profile in, or isn't the one that was pinned.
        case noPermission = 77
        /// There is no profile, or its files are not in order.
        case configuration = 78
    }

    let status: Status
    /// The stable code in JSON.
    let code: String
    let phrase: Phrase
    let details: [String: String]

    init(_ status: Status, code: String? = nil, _ phrase: Phrase, _ details: [String: String] = [:]) {
        self.status = status
        self.code = code ?? "bad-input"
        self.phrase = phrase
        self.details = details
    }

    init(_ refusal: Refusal) {
        self.init(
            refusal.code.retry == .later ? .temporary : .data, code: refusal.code.rawValue, refusal.code.phrase,
            refusal.details)
    }

    /// The same was asked before, and the answer was no.
    init(_ error: Workspace.RefusedBefore, _ language: Language) {
        var details = error.refusal.details
        details["id"] = error.id.text
        details["handle"] = Handle.text(error.id)
        details["why"] = error.refusal.text(language)
        self.init(.data, code: error.refusal.code.rawValue, Texts.refusedBefore, details)
    }

    init(_ error: ClientError) {
        if error.code == .refused, let code = error.details["code"].flatMap(RefusalCode.init(rawValue:)) {
            self.init(Refusal(code, error.details))
            return
        }
        let status: Status =
            switch error.code {
            case .storeFailed, .diskFull: .io
            case .storeCorrupt, .storeNewer, .noProfile, .profileExists: .configuration
            case .unreachable: .unavailable
            case .interrupted, .enrolmentBusy: .temporary
            case .wrongServer, .notAccepted: .noPermission
            case .protocolBroken, .refused, .badInvitation: .data
            }
        // Why nobody with this certificate is let in, the server says by a code that people can be told in their language.
        let cause = error.code == .notAccepted ? error.details["cause"].flatMap(RefusalCode.init(rawValue:)) : nil
        self.init(status, code: error.code.rawValue, cause?.phrase ?? error.code.phrase, error.details)
    }
}
