import NIOCore
import RegiopostJournal
import RegiopostModel
import RegiopostWire

/// One `regiopost/1` connection: runs what the session machine says.
final class SessionHandler: LineHandler<ServerSession> {
    private let certificate: IssuedCertificate
    private var origin = ""
    private var subscriptions: [MailboxName: Watchers.Token] = [:]
    private var uploads: [RequestTag: BlobUpload] = [:]
    private var answers: GatheredAnswers?
    /// Pages that were in memory when they were asked for. The session gets them when it has done what it was at.
    private var pagesAtHand: [(request: PageRequest, answer: PageAnswer)] = []
    /// Bytes of changes that were submitted and are not answered yet, and of blobs that are not on the disk yet.
    private var underWay = 0
    private var isOutputBackedUp = false
    private var isInputFull = false

    init(service: Service, connections: Connections, certificate: IssuedCertificate) {
        self.certificate = certificate
        let greeting = Greeting(
            server: service.address.organisation, address: certificate.address, epoch: service.epoch,
            time: service.clock(),
            limits: service.limits,
            capabilities: Greeting.allCapabilities + (service.recovery == nil ? [] : [Greeting.takesBack]))
        super.init(
            ServerSession(greeting: greeting, limits: service.limits), service: service, connections: connections,
            limits: service.limits)
    }

    private var address: Address { certificate.address }

    override func entry(on link: LineLink) -> Connections.Entry {
        let (loop, handler) = bound(link)
        return Connections.Entry(
            address: address, serial: certificate.serial, expires: certificate.expires,
            stop: { loop.execute { handler.value.run { $0.stopRequested() } } },
            turnOut: { code in loop.execute { handler.value.run { $0.accessEnded(code) } } },
            giveWay: { loop.execute { handler.value.run { $0.newerConnectionCame() } } })
    }

    override func began(on link: LineLink) {
        origin = link.origin
        let (loop, handler) = bound(link)
        answers = GatheredAnswers(service.departures) { loop.execute { handler.value.takeAnswers() } }
        service.report(.sessionBegan(address, serial: certificate.serial, origin: origin))
    }

    override func ended() {
        for token in subscriptions.values { service.watchers.remove(token) }
        subscriptions = [:]
        uploads = [:]
        // It holds this handler, which else would stay for ever.
        answers = nil
        service.report(.sessionEnded(address, serial: certificate.serial, origin: origin))
    }

    override func performed() {
        guard !pagesAtHand.isEmpty else { return }
        let pages = pagesAtHand
        pagesAtHand = []
        for page in pages { perform(session.pageRead(page.request, page.answer)) }
    }

    override func backlogChanged(to bytes: Int) { perform(session.outputBacklogChanged(bytes: bytes)) }

    override func perform(_ action: ServerSession.Action, on link: LineLink) {
        switch action {
        case .send(let bytes): link.send(bytes)
        case .submit(let tag, let change): submit(tag, change)
        case .readPage(let request): read(request, link)
        case .recordStored(let tag, let mailbox, let cursor): recordStored(tag, mailbox, cursor, link)
        case .readHead(let tag, let mailbox): readHead(tag, mailbox, link)
        case .takeBack(let tag, let change): takeBack(tag, change, link)
        case .offerBlob(let tag, let blob): offer(tag, blob, link)
        case .beginBlob(let tag, let chunk): uploads[tag] = service.blobs.upload(chunk, by: address)
        case .writeBlob(let tag, let bytes): write(tag, bytes, link)
        case .endBlob(let tag): endUpload(tag, link)
        case .readBlob(let read): self.read(read, link)
        case .subscribe(let mailbox): subscribe(mailbox, link)
        case .unsubscribe(let mailbox):
            if let token = subscriptions.removeValue(forKey: mailbox) { service.watchers.remove(token) }
        case .pauseReading:
            isOutputBackedUp = true
            link.setReading(false)
        case .resumeReading:
            isOutputBackedUp = false
            link.setReading(!isInputFull)
        case .startClosingDeadline:
            link.startClosingDeadline { [weak self] in self?.run { $0.closingDeadlineReached() } }
        case .close: link.close()
        case .abort: link.abort()
        }
    }

    // MARK: Blobs

    private func offer(_ tag: RequestTag, _ blob: Blob, _ link: LineLink) {
        let (loop, handler) = bound(link)
        let (service, address) = (service, address)
        service.begin {
            let answer = await service.blobs.offer(blob, by: address)
            loop.execute { handler.value.run { $0.offerAnswered(tag, answer) } }
        }
    }

    private func write(_ tag: RequestTag, _ bytes: ArraySlice<UInt8>, _ link: LineLink) {
        let (loop, handler) = bound(link)
        let size = bytes.count
        bytesUnderWay(by: size)
        uploads[tag]?.write(bytes) { loop.execute { handler.value.bytesUnderWay(by: -size) } }
    }

    private func endUpload(_ tag: RequestTag, _ link: LineLink) {
        let (loop, handler) = bound(link)
        uploads.removeValue(forKey: tag)?.finish { answer in
            loop.execute { handler.value.run { $0.blobAnswered(tag, answer) } }
        }
    }

    private func read(_ read: BlobRead, _ link: LineLink) {
        let (loop, handler) = bound(link)
        let (service, address) = (service, address)
        service.begin {
            let answer = await service.blobs.read(read, for: address)
            loop.execute { handler.value.run { $0.blobRead(read, answer) } }
        }
    }

    // MARK: Changes and mailboxes

    private func submit(_ tag: RequestTag, _ change: ArraySlice<UInt8>) {
        guard let answers else { return }
        let (report, address, origin) = (service.report, address, origin)
        let size = change.count
        bytesUnderWay(by: size)
        service.sequencer.enqueue(
            Submission(line: Array(change), address: address) { answer in
                if case .refused(let refusal) = answer {
                    report(.changeRefused(address, origin: origin, code: refusal.code))
                }
                answers.add(GatheredAnswers.Answered(tag: tag, size: size, answer: answer))
            })
    }

    private func takeAnswers() {
        for answered in answers?.take() ?? [] {
            bytesUnderWay(by: -answered.size)
            perform(session.pushAnswered(answered.tag, Self.result(answered.answer)))
        }
        link?.flush()
    }

    /// Reads no more from a client while too much of what it sent is still being judged.
    private func bytesUnderWay(by count: Int) {
        underWay += count
        let limit = service.limits.underWay
        let isFull = isInputFull ? underWay > limit / 2 : underWay > limit
        guard isFull != isInputFull else { return }
        isInputFull = isFull
        link?.setReading(!isFull && !isOutputBackedUp)
    }

    private static func result(_ answer: Submission.Answer) -> Result<RegiopostWire.Receipt, Refusal> {
        switch answer {
        case .accepted(let receipt, let isRepeat):
            .success(
                RegiopostWire.Receipt(
                    id: receipt.id, position: receipt.position, received: receipt.receivedAt,
                    digest: receipt.digest,
                    isRepeat: isRepeat))
        case .refused(let refusal): .failure(refusal)
        }
    }

    private func read(_ request: PageRequest, _ link: LineLink) {
        if let answer = service.pageAtHand(for: address, request) { return pagesAtHand.append((request, answer)) }
        let (loop, handler) = bound(link)
        let (service, address) = (service, address)
        service.begin {
            let answer = await service.page(for: address, request)
            loop.execute { handler.value.run { $0.pageRead(request, answer) } }
        }
    }

    private func recordStored(_ tag: RequestTag, _ mailbox: MailboxName, _ cursor: Cursor, _ link: LineLink) {
        let (loop, handler) = bound(link)
        let (service, address) = (service, address)
        service.begin {
            let refusal = await service.stored(mailbox, upTo: cursor, by: address)
            loop.execute { handler.value.run { $0.storedRecorded(tag, mailbox, refusal: refusal) } }
        }
    }

    private func readHead(_ tag: RequestTag, _ mailbox: MailboxName, _ link: LineLink) {
        let (loop, handler) = bound(link)
        let (service, address) = (service, address)
        service.begin {
            let answer = await service.end(of: mailbox, for: address)
            loop.execute { handler.value.run { $0.headRead(tag, mailbox, answer) } }
        }
    }

    private func takeBack(_ tag: RequestTag, _ change: ReturnedChange, _ link: LineLink) {
        let (loop, handler) = bound(link)
        let (service, address, origin) = (service, address, origin)
        let size = change.bytes.count
        bytesUnderWay(by: size)
        service.begin {
            let answer = await service.takeBack(change, from: address)
            if case .failure(let refusal) = answer {
                service.report(.changeRefused(address, origin: origin, code: refusal.code))
            }
            loop.execute {
                handler.value.bytesUnderWay(by: -size)
                handler.value.run { $0.returnAnswered(tag, answer) }
            }
        }
    }

    private func subscribe(_ mailbox: MailboxName, _ link: LineLink) {
        let (loop, handler) = bound(link)
        subscriptions[mailbox] = service.watchers.add(Service.mailbox(mailbox, of: address)) {
            loop.execute { handler.value.run { $0.mailboxGrew(mailbox) } }
        }
    }

    private func bound(_ link: LineLink) -> (any EventLoop, NIOLoopBound<SessionHandler>) {
        (link.eventLoop, NIOLoopBound(self, eventLoop: link.eventLoop))
    }
}
