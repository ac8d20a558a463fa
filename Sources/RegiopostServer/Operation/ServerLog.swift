import Logging
import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// How events read in the server's log: an action, then its object, result, origin and actor. No secrets, and nothing of
/// what letters say.
enum ServerLog {
    static func write(_ event: ServiceEvent, to log: Logger) {
        switch event {
        case .connectionRefused(let origin, let reason):
            log.notice("connect", metadata: ["result": "refused", "origin": "\(origin)", "reason": "\(reason)"])
        case .sessionBegan(let address, let serial, let origin):
            log.info(
                "connect", metadata: metadata("certificate/" + serial, "accepted", origin, actor: address.text))
        case .sessionEnded(let address, let serial, let origin):
            log.info(
                "disconnect", metadata: metadata("certificate/" + serial, "done", origin, actor: address.text))
        case .enrolment(let address, let origin, let refusal):
            // Who asks isn't known unless it was given.
            let actor = refusal == nil ? address.text : "unknown"
            log.notice(
                "enrol",
                metadata: metadata(address.text, refusal?.rawValue ?? "given", origin, actor: actor))
        case .changeRefused(let address, let origin, let code):
            log.notice("push", metadata: metadata("change", code.rawValue, origin, actor: address.text))
        }
    }

    /// Who asked over the socket is whoever may enter the data folder.
    static func write(_ request: AdministrationRequest, _ reply: AdministrationReply, to log: Logger) {
        let object: String =
            switch request {
            // As somebody typed it: it must not look like a line of its own.
            case .invite(let what), .revoke(let what):
                String(what.prefix(64).filter { $0.isASCII && !$0.isWhitespace })
            case .status, .verify, .renewServer: "server"
            case .recoveryStatus, .recoveryEnd: "recovery"
            case .certificates: "certificates"
            case .loadDirectory, .showDirectory: "directory"
            case .order(let order):
                String(order.names.joined(separator: ",").prefix(64).filter { $0.isASCII && !$0.isWhitespace })
            }
        log.notice(
            "\(request.json["do"]?.string ?? "")",
            metadata: metadata(
                object, reply.error?.code.rawValue ?? "done", "administration.sock", actor: "operator"))
    }

    /// What the server did because a day had come.
    static func write(_ due: DueChange, to log: Logger) {
        log.notice(
            "\(due.body.directoryType.rawValue)",
            metadata: metadata(due.subject.text, "done", "calendar", actor: "regiopostd"))
    }

    /// What opening the journal did.
    static func write(_ notice: JournalNotice, to log: Logger) {
        log.warning(
            "journal opened",
            metadata: ["object": "journal", "result": "\(notice.code.rawValue)", "reason": "\(notice.sentence)"])
    }

    static func journalFailed(_ error: JournalError, to log: Logger) {
        log.critical(
            "journal failed; nothing more is accepted until a restart, reading goes on",
            metadata: ["result": "\(error.code.rawValue)", "reason": "\(error.description)"])
    }

    private static func metadata(
        _ object: String, _ result: String, _ origin: String, actor: String
    ) -> Logger.Metadata {
        ["object": "\(object)", "result": "\(result)", "origin": "\(origin)", "actor": "\(actor)"]
    }
}
