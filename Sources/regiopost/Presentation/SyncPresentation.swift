import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Says what a sync did.
struct SyncPresentation {
    let desk: Desk

    /// Whether this is one of many in a watch, where sums would drown the news.
    var isWatching = false

    /// How many changes are told one by one, the newest: nobody reads the thousands of a first sync.
    private static let told = 100

    /// Says it, and answers what is in the queue now.
    @discardableResult func show(_ report: SyncReport) async -> [OutboxItem] {
        let received = report.received.suffix(Self.told).map { (entry: $0, change: try? Change(line: $0.line)) }
        // Of an answer or a receipt the news names the letter alone, however many versions the answer has.
        let named = received.compactMap(\.change?.subject).map { $0.letter.map(SubjectID.letter) ?? $0 }
        let view = try? await desk.workspace.view(of: .about(named))
        let items = view?.outbox ?? []
        let waiting = items.filter { item in if case .accepted = item.state { false } else { true } }
        let output = desk.output
        if !report.resynced.isEmpty { output.say(Texts.resynced) }
        sayRecovery(report, waiting: waiting.count)
        let earlier = report.received.count - received.count
        if earlier > 0 { output.say(Texts.earlierNews, ["count": String(earlier)]) }
        for (entry, change) in received {
            guard let change, let view, News.isNews(change, to: view.address) else {
                continue
            }
            output.show([
                News.line(about: change, receivedAt: entry.receivedAt, in: view, language: output.language)
            ])
        }
        sayFiles(report)
        for change in report.refused { output.warn(refusal(of: change, in: items)) }
        if !isWatching || !report.sent.isEmpty {
            output.say(
                Texts.synced,
                [
                    "sent": String(report.sent.count), "received": String(report.received.count),
                    "waiting": String(waiting.count),
                ])
        }
        let queue = view.map { desk.queue($0) }
        queue?.warnOverdue()
        let overdue = queue?.overdue ?? []
        output.emit(.object((json(report, waiting: waiting.count).members ?? []) + overdue))
        return items
    }

    private func sayRecovery(_ report: SyncReport, waiting: Int) {
        let output = desk.output
        if let recovery = report.recovery {
            output.warn(
                output.text(
                    Texts.recovering,
                    [
                        "returned": String(recovery.returned), "known": String(recovery.known),
                        "waiting": String(waiting),
                    ]))
            if recovery.refused > 0 {
                output.warn(output.text(Texts.notReturned, ["count": String(recovery.refused)]))
            }
        }
        if report.leftBehind > 0 {
            output.warn(output.text(Texts.leftBehind, ["count": String(report.leftBehind)]))
        }
    }

    private func sayFiles(_ report: SyncReport) {
        let output = desk.output
        if !report.fetched.isEmpty {
            let bytes = report.fetched.reduce(0) { $0 + $1.size }
            output.say(
                FileTexts.fetched,
                ["count": String(report.fetched.count), "size": FileSize.text(bytes, output.language)])
        }
        if !report.left.isEmpty {
            let list = report.left.map { $0.name + " (" + FileSize.text($0.size, output.language) + ")" }
            output.warn(output.text(FileTexts.left, ["list": list.joined(separator: ", ")]))
        }
        if !report.notGiven.isEmpty {
            let list = report.notGiven.map(\.name).joined(separator: ", ")
            output.warn(output.text(FileTexts.notGiven, ["list": list]))
        }
    }

    private func refusal(of change: Change, in items: [OutboxItem]) -> String {
        guard let item = items.first(where: { $0.change.id == change.id }), case .refused(let refusal) = item.state
        else {
            return ""
        }
        return desk.output.text(
            Texts.refusedNow,
            [
                "handle": Handle.text(change.id), "what": News.what(change, language: desk.output.language),
                "reason": refusal.text(desk.output.language),
            ])
    }

    private func json(_ report: SyncReport, waiting: Int) -> JSONValue {
        .object([
            "sent": .array(
                report.sent.map { sent in
                    .object([
                        "id": .string(sent.change.id.text), "position": .number(sent.position),
                        "received": .string(sent.receivedAt.text),
                    ])
                }), "refused": .strings(report.refused.map(\.id.text)),
            "received": .number(report.received.count), "postponed": .number(report.postponed),
            "waiting": .number(waiting), "resynced": .strings(report.resynced.map(\.rawValue)),
            "fetched": .strings(report.fetched.map(\.digest.text)),
            "left": .strings(report.left.map(\.digest.text)),
            "notGiven": .strings(report.notGiven.map(\.digest.text)),
            "recovery": report.recovery.map { recovery in
                .object([
                    "returned": .number(recovery.returned), "known": .number(recovery.known),
                    "refused": .number(recovery.refused),
                ])
            },
            "leftBehind": .number(report.leftBehind),
        ])
    }
}
