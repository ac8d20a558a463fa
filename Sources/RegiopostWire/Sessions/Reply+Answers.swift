import RegiopostModel

extension ClientRequest.Verb {
    /// The mailbox that the request is about, if it is about one.
    var mailbox: MailboxName? {
        switch self {
        case .pull(let mailbox, _, _), .watch(let mailbox, _), .unwatch(let mailbox), .stored(let mailbox, _),
            .head(let mailbox):
            mailbox
        case .push, .giveBack, .offer, .blob, .fetch, .ping, .quit, .enrol: nil
        }
    }
}

extension ClientRequest.Verb {
    /// The blob that the request is about, if it is about one.
    var digest: Digest? {
        switch self {
        case .offer(let blob): blob.digest
        case .blob(let chunk): chunk.blob.digest
        case .fetch(let digest, _, _): digest
        default: nil
        }
    }
}

extension Reply {
    /// Whether this can be the answer to such a request.
    func answers(_ verb: String, _ mailbox: MailboxName?, _ digest: Digest?) -> Bool {
        switch self {
        case .push: verb == "PUSH"
        case .pull(let name, _, _): verb == "PULL" && name == mailbox
        case .watch(let name, _): verb == "WATCH" && name == mailbox
        case .unwatch(let name): verb == "UNWATCH" && name == mailbox
        case .stored(let name): verb == "STORED" && name == mailbox
        case .head(let name, _): verb == "HEAD" && name == mailbox
        case .giveBack: verb == "RETURN"
        case .offer(let progress): verb == "OFFER" && progress.digest == digest
        case .blob(let progress): verb == "BLOB" && progress.digest == digest
        case .fetch(let name, _, _): verb == "FETCH" && name == digest
        case .ping: verb == "PING"
        case .quit: verb == "QUIT"
        case .enrol: verb == "ENROL"
        case .no: true
        case .unknown: false
        }
    }
}
