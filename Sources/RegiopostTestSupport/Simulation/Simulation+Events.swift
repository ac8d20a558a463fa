import RegiopostClient
import RegiopostJournal
import RegiopostModel

/// What befalls a world that is more than a broken line or a killed process.
extension Simulation {
    /// The database is replaced by a backup: what came since is lost, and the history gets another name.
    func restore() -> Bool {
        let all = server.disk.records.count
        guard all > directorySize else { return false }
        let count = directorySize + stepper.number(below: all - directorySize)
        let epoch = stepper.word()
        let recovers = stepper.happens(2, in: 3)
        history.tell("restored to \(count) of \(all)\(recovers ? ", recovering" : "")")
        witness.restored(
            to: Array(server.disk.records.prefix(count)), epoch: epoch, isRecovering: recovers)
        server.restore(to: count, epoch: epoch, recovers: recovers)
        guard recovers else { return true }
        history.count("recoveries")
        // Work goes on, and the operator waits for the machines that matter.
        for client in clients { client.wish(for: 1 + stepper.number(below: 3)) }
        for _ in 0..<3 {
            stepper.after(Int64(5_000 + stepper.number(below: 20_000))) { [weak self] in
                if let self, self.isEventful { _ = Forger(self).giveBack() }
            }
        }
        endRecovery(after: Int64(5_000 + stepper.number(below: 60_000)))
        return true
    }

    /// The operator ends the recovery, and starts the server again and waits where that doesn't work: now and then the server
    /// is killed or its disk fails just then.
    private func endRecovery(after milliseconds: Int64) {
        stepper.after(milliseconds) { [weak self] in
            guard let self, self.isEventful else { return }
            if self.stepper.happens(1, in: 4) {
                self.server.disk.nextFault = self.stepper.pick(ServerDisk.Fault.allCases)
            } else if self.stepper.happens(1, in: 3) {
                self.stepper.after(Int64(self.stepper.number(below: 50))) {
                    if self.isEventful { self.server.kill("at the recovery's end") }
                }
            }
            self.stepper.begin {
                // Once nothing goes wrong any more it is ended there, and nobody kills the server for it.
                if await self.server.endRecovery() || !self.isEventful { return }
                self.server.kill("to end the recovery")
                self.server.startSoon(after: 500)
                self.endRecovery(after: Int64(2_000 + self.stepper.number(below: 20_000)))
            }
        }
    }

    /// A certificate is revoked in the middle of whatever its client does.
    func revoke(_ client: ClientMachine) -> Bool {
        guard !client.isRevoked, server.isUp else { return false }
        stepper.begin { await self.server.revoke(client) }
        return true
    }

    /// Something that was acknowledged is sent again, as if days had passed: the first receipt comes again.
    func sendAgain() -> Bool {
        guard let item = stepper.pick(witness.committed), let change = item.change,
            let client = clients.first(where: { $0.address == change.author && !$0.isRevoked })
        else { return false }
        stepper.begin { await self.sendAgain(item.record, by: client) }
        return true
    }

    func sendAgain(_ record: Proposal, by client: ClientMachine) async {
        guard case .accepted(let position, let receivedAt)?? = await client.push([record.line]).first else {
            return
        }
        history.count("receipts given again")
        witness.receiptCame(record.id, position, receivedAt)
    }

    /// A newer server of the same province has written what this version doesn't know.
    func meetUnknownType() -> Bool {
        guard server.disk.recovery == nil else { return false }
        let letters = witness.committed.filter { $0.change?.type == .letterPublish }
        guard let letter = stepper.pick(letters), let published = letter.change else { return false }
        let known = (witness.subjects[letter.record.subject] ?? []).map { witness.committed[$0].record }
        guard let head = known.last, let author = Address("pv28/secretariaat") else { return false }
        let id = ChangeID(
            time: Timestamp(milliseconds: ServerMachine.beginning + stepper.now),
            random: (stepper.word(), stepper.word()))
        let change = Change(
            id: id, subject: published.subject, after: published.id, author: author,
            time: Timestamp(milliseconds: ServerMachine.beginning), type: .letterWithdraw,
            body: .letterWithdraw(reason: "-"))
        let line = Array(
            String(decoding: change.line(), as: UTF8.self).replacing("letter.withdraw", with: "letter.later").utf8)
        witness.ordain(id)
        let proposal = Proposal(
            id: id, line: line, digest: Witness.digest(line), subject: published.subject, author: .address(author),
            expectedHead: head.id, expectedDirectoryHead: witness.mailboxes[.directory]?.count ?? 0,
            mailboxes: head.mailboxes, receivedAt: Timestamp(milliseconds: ServerMachine.beginning + stepper.now))
        stepper.begin {
            _ = try? await self.server.journal?.append([proposal])
            await self.overwrite(published, by: author)
        }
        return true
    }

    /// The right author tries to go on where something unknown stands.
    private func overwrite(_ letter: Change, by author: Address) async {
        let places = witness.subjects[letter.subject] ?? []
        let known = places.compactMap { witness.committed[$0].change }
        guard known.contains(where: { $0.type == nil }),
            let last = known.last(where: { $0.type?.isCommuting != true }),
            let client = clients.first(where: { $0.address == author && !$0.isRevoked })
        else { return }
        let id = ChangeID(time: letter.time, random: (stepper.word(), stepper.word()))
        let change = Change(
            id: id, subject: letter.subject, after: last.id, author: author, time: letter.time,
            type: .letterWithdraw,
            body: .letterWithdraw(reason: "-"))
        if case .accepted? = await client.push([change.line()]).first ?? nil {
            witness.broken(.order, "\(id) was taken on top of something unknown")
        }
    }

    // MARK: The directory

    private func directoryChange(_ subject: SubjectID, _ type: ChangeType, _ body: ChangeBody) -> Change {
        let last = (witness.subjects[subject] ?? []).last.map { witness.committed[$0].record.id }
        return Change(
            id: ChangeID(
                time: Timestamp(milliseconds: ServerMachine.beginning + stepper.now),
                random: (stepper.word(), stepper.word())),
            subject: subject, after: last, author: server.address,
            time: Timestamp(milliseconds: ServerMachine.beginning + stepper.now), type: type, body: body)
    }

    /// A region gets another title, so that everything judged meanwhile is judged again.
    func changeDirectory() {
        guard let province = OrganisationCode("pv28"),
            let region = Region(
                name: "haagse-regio", title: "Regio \(stepper.number(below: 99))", province: province)
        else { return }
        stepper.begin {
            await self.ordain(self.directoryChange(.region("haagse-regio"), .regionSet, .regionSet(region)))
        }
    }

    /// The formateur's mandate ends; the college takes over all that it saw.
    func endMandate() -> Bool {
        guard let formateur = Address("gm0503/formateur"), let college = Address("gm0503/college"),
            let day = CalendarDate("2026-05-12")
        else { return false }
        stepper.begin {
            let end = MandateEnd(address: formateur, on: day, successor: college)
            let change = self.directoryChange(.mandate(formateur), .mandateEnd, .mandateEnd(end))
            guard await self.ordain(change) else { return }
            self.history.count("mandates ended")
            self.witness.mandateEnded(formateur, by: change.id)
            // Nobody told its user.
            for client in self.clients where client.address == formateur { client.wish(for: 2) }
        }
        return true
    }
}
