/// How far one mailbox was read for one connection, and for whom.
struct MailboxFeed {
    /// Why the mailbox is read.
    enum Purpose: Equatable {
        /// Nobody asked. Can become `pull` or `catchUp`.
        case none
        /// One page, then the reply. Becomes `none`.
        case pull(RequestTag, limit: Int)
        /// Page after page until the end, then the reply. Becomes `live`, or `none` where it fails or is ended.
        case catchUp(RequestTag)
        /// Whatever comes in. Becomes `none`.
        case live
    }

    private(set) var purpose = Purpose.none
    /// Everything up to here was sent.
    private(set) var place: Cursor
    private let name: MailboxName
    private var isPresented = false
    /// Whether there may be something after `place`. A hint that comes twice, late or for nothing does no harm.
    private var mayHaveMore = false
    private var reading: Int?
    private var lastSerial = 0

    init(_ name: MailboxName, epoch: UInt64) {
        self.name = name
        place = .start(epoch: epoch)
    }

    mutating func start(_ purpose: Purpose, after cursor: Cursor) {
        self.purpose = purpose
        place = cursor
        isPresented = true
        mayHaveMore = true
        reading = nil
    }

    /// Ends the reading; an answer still to come is not listened to.
    mutating func end() {
        purpose = .none
        reading = nil
        mayHaveMore = false
    }

    mutating func grew() { mayHaveMore = true }

    /// The next read, where one is due and none is under way.
    mutating func nextRead(_ limits: Limits) -> PageRequest? {
        guard purpose != .none, reading == nil, mayHaveMore else { return nil }
        mayHaveMore = false
        lastSerial += 1
        reading = lastSerial
        defer { isPresented = false }
        var changes = limits.page
        if case .pull(_, let limit) = purpose { changes = limit }
        return PageRequest(
            mailbox: name, after: place, isPresented: isPresented, changes: changes, bytes: limits.pageBytes,
            serial: lastSerial)
    }

    /// Whether `request` is the read under way; it no longer is after this.
    mutating func finishRead(_ request: PageRequest) -> Bool {
        guard reading == request.serial else { return false }
        reading = nil
        return true
    }

    /// Moves the place behind the changes; `false`, and no move, where they don't follow it without a gap.
    mutating func advance(past lines: PageLines, more: Bool) -> Bool {
        if lines.count > 0 {
            guard lines.first == place.position + 1, let end = lines.end, let digest = end.digest,
                let next = Cursor(epoch: place.epoch, position: end.position, digest: digest)
            else { return false }
            place = next
        }
        mayHaveMore = mayHaveMore || more
        return true
    }

    mutating func becomeLive() { purpose = .live }
}
