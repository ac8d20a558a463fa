import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// A recovery that is under way, as its operator sees it and ends it.
package struct Recovery {
    let service: Service
    let desk: RecoveryDesk
    /// Notes, durably, that the end has begun: from then on nothing is taken back.
    let close: @Sendable () throws -> Void
    /// Keeps the report and notes, in one step and durably, that the recovery is over.
    let finish: @Sendable ([JSONValue]) throws -> Void

    /// Names a recovery and how its end is noted.
    package init(
        service: Service, desk: RecoveryDesk, close: @escaping @Sendable () throws -> Void,
        finish: @escaping @Sendable ([JSONValue]) throws -> Void
    ) {
        self.service = service
        self.desk = desk
        self.close = close
        self.finish = finish
    }

    /// How many changes are taken in together.
    private static let portion = 256

    /// What came back until now, and what is missing.
    func report() async throws -> RecoveryReport {
        var returned: [RecoveryReport.Returned] = []
        for portion in Self.portions(of: await desk.entries()[...]) {
            for (entry, text) in zip(portion, try await desk.texts(of: portion)) {
                if let one = RecoveryReport.Returned(entry, text: text) { returned.append(one) }
            }
        }
        var report = RecoveryReport(state: desk.state, returned: returned, named: try await named(by: returned))
        report.files = try await missingFiles(of: returned)
        return report
    }

    private static func portions(of entries: ArraySlice<ReturnedLog.Entry>) -> [[ReturnedLog.Entry]] {
        stride(from: entries.startIndex, to: entries.endIndex, by: portion).map { start in
            Array(entries[start..<min(start + portion, entries.endIndex)])
        }
    }

    /// Takes in what came back, in the order in which the server had received it and with the time at which it had, and goes on
    /// with what is new. What doesn't fit because something before it is missing stands in the report; its bytes stay in the
    /// recovery's folder.
    ///
    /// Interrupted anywhere, it can be done again: what was taken in already is found again by its id. What a client would give
    /// back in between comes too late, as it may have to stand before what was taken in already.
    @discardableResult package func end() async throws -> [JSONValue] {
        desk.setClosed(true)
        let all = await desk.entries()
        do {
            try await desk.checkIsKnown()
            try close()
        } catch {
            desk.setClosed(false)
            throw error
        }
        let untaken = try await takeIn(all)
        var report = try await report()
        report.untaken = report.returned.compactMap { returned in
            untaken[returned.entry.digest].map { (returned, $0) }
        }
        let items = report.items
        try finish(items)
        service.endRecovery()
        return items
    }

    /// Hands all to the sequencer, in order; what it refuses again, as long as something else was taken meanwhile.
    ///
    /// - Returns: why what is left wasn't taken, by digest.
    private func takeIn(_ all: [ReturnedLog.Entry]) async throws -> [Digest: Refusal] {
        var left = all[...]
        var refusals: [Digest: Refusal] = [:]
        while !left.isEmpty {
            var refused: [ReturnedLog.Entry] = []
            for portion in Self.portions(of: left) {
                let texts = try await desk.texts(of: portion)
                for (entry, answer) in zip(portion, await submit(portion, texts)) {
                    guard case .refused(let refusal) = answer else { continue }
                    guard refusal.code != .unavailable, refusal.code != .stopping else {
                        throw OperatorError(.temporary, Self.stuck)
                    }
                    refusals[entry.digest] = refusal
                    refused.append(entry)
                }
            }
            guard refused.count < left.count else { break }
            left = refused[...]
        }
        let untaken = Set(left.map(\.digest))
        return refusals.filter { untaken.contains($0.key) }
    }

    /// Has all judged and written together; the answers, in order. What this version can't read it doesn't take.
    private func submit(
        _ portion: [ReturnedLog.Entry], _ texts: [[UInt8]]
    ) async -> [Submission.Answer] {
        var answers = [Submission.Answer](repeating: .refused(Refusal(.unknownType)), count: portion.count)
        var readable: [Int] = []
        var lines: [(line: [UInt8], address: Address, receivedBefore: Timestamp?)] = []
        for (index, (entry, text)) in zip(portion, texts).enumerated() {
            guard let change = try? Change(line: text) else { continue }
            readable.append(index)
            lines.append((text, change.author, entry.receivedAt))
        }
        for (index, answer) in zip(readable, await service.sequencer.submit(lines)) { answers[index] = answer }
        return answers
    }

    /// The changes that some of these name and that neither came back nor are in the journal.
    private func named(
        by returned: [RecoveryReport.Returned]
    ) async throws(JournalError) -> [(id: ChangeID, by: RecoveryReport.Returned)] {
        let ids = Set(returned.map(\.id))
        var seen: Set<ChangeID> = []
        var named: [(id: ChangeID, by: RecoveryReport.Returned)] = []
        for one in returned {
            for id in one.named where !ids.contains(id) && seen.insert(id).inserted {
                if try await service.journal.receipt(of: id) == nil { named.append((id, one)) }
            }
        }
        return named
    }

    private func missingFiles(
        of returned: [RecoveryReport.Returned]
    ) async throws -> [(file: FileReference, by: RecoveryReport.Returned)] {
        var seen: Set<Digest> = []
        var missing: [(file: FileReference, by: RecoveryReport.Returned)] = []
        for one in returned {
            for file in one.files where seen.insert(file.digest).inserted {
                let standing = try await service.blobs.standing(of: file, for: one.author)
                if standing.size == nil { missing.append((file, one)) }
            }
        }
        return missing
    }

    private static let stuck = Phrase(
        dutch:
            "Het journaal neemt op dit moment niets aan; het herstel is niet afgesloten en er is niets verloren. Zie de "
            + "log, en voer het opnieuw uit: regiopostd recovery end",
        english:
            "The journal takes nothing at this moment; the recovery was not ended and nothing is lost. See the log, "
            + "and run again: regiopostd recovery end")
}
