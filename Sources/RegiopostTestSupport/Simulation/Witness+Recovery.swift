import RegiopostClient
import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// What must hold while a server that was restored recovers, and at the end of that.
extension Witness {
    /// While it recovers, the server takes in what it had, as it had it, in the order it had, and nothing else.
    func tookIn(_ record: Proposal) {
        guard let loss, loss.isRecovering else { return }
        guard let number = loss.numbers[record.id],
            loss.lost[number - loss.records - 1].record.line == record.line
        else { return broken(.recovery, "\(record.id) was taken while the server recovers, and is new") }
        if loss.lost[number - loss.records - 1].record.receivedAt != record.receivedAt {
            broken(.recovery, "\(record.id) came back with another time of receipt")
        }
        if let last = loss.takenIn.last, last > number {
            broken(.recovery, "\(record.id), which was number \(number), came back after number \(last)")
        }
        self.loss?.takenIn.append(number)
    }

    /// A client gave lines back, and heard what became of them. It holds them with their receipts, so each is true.
    func gaveBack(_ entries: [ReplicaEntry], _ answers: [ReturnAnswer?], by profile: String) {
        for (entry, answer) in zip(entries, answers) {
            switch answer {
            case .kept:
                if let item = loss?.find(entry.line, entry.receivedAt) { loss?.kept.insert(item.record.id) }
            case .refused(let refusal) where refusal.code.retry != .later && refusal.code != .notRecovering:
                broken(.recovery, "a line with a true receipt, given back by \(profile): \(refusal.code.rawValue)")
            case .refused, nil: break
            }
        }
    }

    /// A sync came to its end while the server recovered: what the client held and the server had lost was given back.
    ///
    /// - Parameter answered: the lines that the server said something about.
    func gaveAllBack(_ held: [ReplicaEntry], _ answered: Set<[UInt8]>, by profile: String) {
        guard let loss, loss.isRecovering else { return }
        for entry in held where entry.receipt != nil && !answered.contains(entry.line) {
            guard let item = loss.find(entry.line, entry.receivedAt), places[item.record.id] == nil else {
                continue
            }
            broken(.recovery, "\(profile) synced, and didn't give back \(item.record.id)")
        }
    }

    /// The operator has ended the recovery: what came back is there, and what didn't is reported.
    ///
    /// - Parameter returned: what lies beside the journal of what was given back.
    func recoveryEnds(_ report: [JSONValue], _ returned: [UInt8]) {
        guard let loss else { return broken(.recovery, "a recovery ended, and nothing was restored") }
        self.loss?.isRecovering = false
        let lines = returned.split(separator: 10).compactMap { line in line.firstIndex(of: 123).map { line[$0...] }
        }
        let ids = Set(lines.compactMap { line in loss.lost.first { $0.record.line[...] == line }?.record.id })
        if ids.count != lines.count { broken(.recovery, "something was kept that the server never had lost") }
        if let id = loss.kept.subtracting(ids).first(where: { places[$0] == nil }) {
            broken(.recovery, "\(id) was acknowledged as given back, and isn't there")
        }
        let backup = Set(committed.prefix(loss.records).map(\.record.id))
        for item in loss.due(of: ids, in: backup) where places[item.record.id] == nil {
            broken(.recovery, "\(item.record.id) was given back with all it rests on, and isn't in the journal")
        }
        checkReport(report, ids, loss)
        lost.subtract(places.keys)
    }

    private func checkReport(_ report: [JSONValue], _ ids: Set<ChangeID>, _ loss: Loss) {
        func items(_ kind: String) -> [JSONValue] { report.filter { $0["kind"]?.string == kind } }
        let there = ids.compactMap { loss.numbers[$0] }
        let missing = Set((loss.records + 1)..<max(there.max() ?? 0, loss.records + 1)).subtracting(there)
        let told = items("missing").flatMap { item -> [Int] in
            guard let first = item["first"]?.integer, let last = item["last"]?.integer else { return [] }
            return Array(first...last)
        }
        if told.sorted() != missing.sorted() {
            broken(.recovery, "\(told.sorted()) are reported missing; missing are \(missing.sorted())")
        }
        let untaken = items("untaken").compactMap { $0["id"]?.string }
        if untaken.sorted() != ids.filter({ places[$0] == nil }).map(\.text).sorted() {
            broken(.recovery, "\(untaken) are reported as not taken in")
        }
        let sum = report.first
        if sum?["returned"]?.integer != ids.count || sum?["regained"]?.integer != ids.count - untaken.count {
            broken(.recovery, "the report counts \(sum?["returned"]?.integer ?? -1) of \(ids.count)")
        }
        let named = Set(items("named").compactMap { $0["id"]?.string })
        for change in loss.lost.compactMap(\.change) where ids.contains(change.id) {
            for id in change.needs + [change.after].compactMap(\.self) where places[id] == nil && !ids.contains(id)
            {
                if !named.contains(id.text) { broken(.recovery, "\(id) is named and missing, and not reported") }
            }
        }
    }
}
