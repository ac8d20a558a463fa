import RegiopostModel

/// One request: the client's tag and what is asked.
public struct ClientRequest: Equatable, Sendable {
    /// What replies are called by.
    public let tag: RequestTag
    /// What is asked.
    public let verb: Verb

    /// What a client can ask. The specification says which name of the protocol has which verbs.
    public enum Verb: Equatable, Sendable {
        /// Take this change: its exact bytes, beginning with `{`.
        case push(ArraySlice<UInt8>)
        /// Send what comes after the cursor, at most `limit` changes.
        case pull(MailboxName, after: CursorToken, limit: Int?)
        /// Send what comes after the cursor, and from then on what comes in.
        case watch(MailboxName, after: CursorToken)
        /// End a watch.
        case unwatch(MailboxName)
        /// Know that everything up to the cursor is kept safe here.
        case stored(MailboxName, CursorToken)
        /// Say where a mailbox ends.
        case head(MailboxName)
        /// Take back this change, which the server delivered and lost.
        case giveBack(ReturnedChange)
        /// Say how much of this blob is there.
        case offer(Blob)
        /// Take this piece of a blob: its bytes follow the line.
        case blob(BlobChunk)
        /// Send a blob from that byte on, at most `count` bytes.
        case fetch(Digest, offset: Int, count: Int?)
        /// Say something, so that both sides know the other is there.
        case ping
        /// Answer what is under way, then end.
        case quit
        /// Give a certificate for this invitation.
        case enrol(Enrolment)

        /// The verb's name.
        public var name: String {
            switch self {
            case .push: "PUSH"
            case .pull: "PULL"
            case .watch: "WATCH"
            case .unwatch: "UNWATCH"
            case .stored: "STORED"
            case .head: "HEAD"
            case .giveBack: "RETURN"
            case .offer: "OFFER"
            case .blob: "BLOB"
            case .fetch: "FETCH"
            case .ping: "PING"
            case .quit: "QUIT"
            case .enrol: "ENROL"
            }
        }
    }

    /// Who asks for a certificate, by which invitation, for which key.
    public struct Enrolment: Equatable, Sendable {
        /// The address invited.
        public let address: Address
        /// The invitation's one-time secret, 16 to 64 bytes.
        public let secret: [UInt8]
        /// The PKCS #10 certificate request (RFC 2986), DER.
        public let request: [UInt8]

        /// Makes the values of an ENROL.
        public init(address: Address, secret: [UInt8], request: [UInt8]) {
            self.address = address
            self.secret = secret
            self.request = request
        }
    }

    /// Makes a request.
    public init(tag: RequestTag, verb: Verb) {
        self.tag = tag
        self.verb = verb
    }

    /// Appends the request as one line. O(size).
    public func write(to bytes: inout [UInt8]) {
        bytes.put(tag.text)
        bytes.append(0x20)
        bytes.put(verb.name)
        switch verb {
        case .push(let change):
            bytes.append(0x20)
            bytes.append(contentsOf: change)
        case .pull(let mailbox, let cursor, let limit):
            bytes.put("mailbox", mailbox.rawValue)
            bytes.put("cursor", cursor.text)
            if let limit { bytes.put("limit", limit) }
        case .watch(let mailbox, let cursor), .stored(let mailbox, let cursor):
            bytes.put("mailbox", mailbox.rawValue)
            bytes.put("cursor", cursor.text)
        case .unwatch(let mailbox), .head(let mailbox): bytes.put("mailbox", mailbox.rawValue)
        case .giveBack(let change): change.write(to: &bytes)
        case .offer(let blob): blob.write(to: &bytes)
        case .blob(let chunk):
            chunk.blob.write(to: &bytes)
            bytes.put("offset", chunk.offset)
            bytes.put("count", chunk.count)
        case .fetch(let digest, let offset, let count):
            bytes.put("sha256", digest)
            bytes.put("offset", offset)
            if let count { bytes.put("count", count) }
        case .ping, .quit: break
        case .enrol(let enrolment):
            bytes.put("address", enrolment.address.text)
            bytes.put("secret", Base64URL.encoded(enrolment.secret))
            bytes.put("request", Base64URL.encoded(enrolment.request))
        }
        bytes.putLineEnd()
    }
}
