import RegiopostClient
import RegiopostJournal
import RegiopostModel

/// What must hold when everything has healed and everybody has synced.
struct Settlement {
    private let world: Simulation
    private var witness: Witness { world.witness }

    init(_ world: Simulation) { self.world = world }

    func check() {
        checkDisk()
        for client in world.clients where !client.isRevoked {
            checkReplica(client)
            checkFolds(client)
            checkOutbox(client)
            checkLeftBehind(client)
        }
        checkWritten()
        checkDelivered()
    }

    private func checkDisk() {
        let onDisk = world.server.disk.records.map(\.id)
        if Set(onDisk).count != onDisk.count { witness.broken(.onceById, "an id is twice on the disk") }
        for id in witness.acknowledged.subtracting(onDisk).subtracting(witness.lost).sorted() {
            witness.broken(.acknowledged, "\(id) was acknowledged and is gone")
        }
    }

    private func hasEnded(_ client: ClientMachine) -> Bool { world.hasEnded(client) }

    /// Whoever watches has everything by now, and needn't sync for it.
    func checkWatchers(_ watchers: [ClientMachine]) {
        for client in watchers {
            let due = (witness.mailboxes[.address(client.address)] ?? []).map { witness.committed[$0].record.line }
            let there = client.disk.current(.own).map(\.line)
            if there != due {
                witness.broken(.watch, "\(client.name) has \(there.count) of \(due.count) in its watch")
            }
        }
    }

    private func checkReplica(_ client: ClientMachine) {
        for mailbox in ReplicaMailbox.allCases where mailbox == .directory || !hasEnded(client) {
            let name = mailbox == .own ? Mailbox.address(client.address) : .directory
            let due = (witness.mailboxes[name] ?? []).map { witness.committed[$0].record.line }
            let there = client.disk.current(mailbox).map(\.line)
            if there != due {
                witness.broken(.convergence, "\(client.name) has \(there.count) of \(due.count) in \(mailbox)")
            }
        }
    }

    /// What the client's replica adds up to is, subject by subject, what the server's journal adds up to.
    private func checkFolds(_ client: ClientMachine) {
        guard !hasEnded(client) else { return }
        var view = Correspondence()
        for mailbox in [ReplicaMailbox.directory, .own] {
            for entry in client.disk.current(mailbox) {
                guard let change = client.disk.change(entry.line) else { continue }
                view.take(change, digest: Witness.digest(entry.line), receivedAt: entry.receivedAt)
            }
        }
        if let misfit = view.misfits.first {
            witness.broken(.folds, "\(misfit) doesn't fit in \(client.name)'s replica")
        }
        for (id, subject) in view.subjects {
            var due = Subject(id: id)
            for place in witness.subjects[id] ?? [] {
                let item = witness.committed[place]
                guard let change = item.change else { continue }
                try? due.apply(change, digest: item.record.digest, receivedAt: item.record.receivedAt)
                if due.head == subject.head { break }
            }
            if due != subject { witness.broken(.folds, "\(client.name) sees another \(id.text) than the server") }
        }
    }

    private func checkOutbox(_ client: ClientMachine) {
        guard !hasEnded(client) else { return }
        let held = OutboxItem.held(in: client.disk.outbox)
        for item in client.disk.outbox where !held.contains(item.change.id) {
            if case .refused = item.state { continue }
            witness.broken(.outbox, "\(item.change.id) is still \(item.state) at \(client.name)")
        }
    }

    /// What its own address wrote and the server has lost is offered anew, also where a sync was cut off before that.
    private func checkLeftBehind(_ client: ClientMachine) {
        guard !hasEnded(client) else { return }
        for entry in client.disk.leftBehind(.own) {
            guard let change = client.disk.change(entry.line), change.author == client.address,
                !client.disk.outbox.contains(where: { $0.change.id == change.id })
            else { continue }
            witness.broken(.outbox, "\(change.id) was lost, stays behind at \(client.name) and is never offered")
        }
    }

    private func checkWritten() {
        for (id, origins) in witness.written.sorted(by: { $0.key < $1.key }) where witness.places[id] == nil {
            let isWaiting = world.clients.contains { $0.disk.outbox.contains { $0.change.id == id } }
            if !isWaiting, !witness.abandoned.contains(id), !witness.lost.contains(id) {
                witness.broken(.outbox, "\(id), which \(origins[0].profile) wrote, is nowhere")
            }
        }
    }

    /// A letter that a recipient's client holds has one receipt that says so.
    private func checkDelivered() {
        for item in witness.committed {
            guard let change = item.change, case .letterPublish(let content) = change.body else { continue }
            for client in world.clients where !client.isRevoked && !hasEnded(client) {
                guard (content.recipients + content.copies).contains(client.address) else { continue }
                let receipts = (witness.subjects[.receipt(letter: change.id, address: client.address)] ?? []).filter
                {
                    witness.committed[$0].change?.type == .receiptDelivered
                }
                if receipts.count != 1 {
                    witness.broken(
                        .delivered, "\(change.id) has \(receipts.count) receipts of delivery to \(client.address)")
                }
            }
        }
    }
}
