import RegiopostClient
import RegiopostModel
import RegiopostWire

/// Sends what no client of ours would: in others' names, without the right, out of turn, or no change at all. None of it may
/// ever stand in the journal.
struct Forger {
    private let world: Simulation
    private var stepper: Stepper { world.stepper }

    init(_ world: Simulation) { self.world = world }

    func send() -> Bool {
        guard let client = stepper.pick(world.clients.filter { !$0.isRevoked }), let line = line(by: client)
        else { return false }
        let world = world
        stepper.begin {
            let answers = await client.push([line])
            if case .accepted? = answers.first ?? nil {
                world.witness.broken(
                    .author, "a forged line was acknowledged: \(String(decoding: line, as: UTF8.self))")
            }
            if case .refused(let refusal, _)? = answers.first ?? nil {
                world.history.count("forged, \(refusal.code.rawValue)")
                world.witness.refusedForged(refusal, line, client.address)
            }
        }
        return true
    }

    /// Gives back to a recovering server what it never delivered so: another's receipt, or one for something else.
    func giveBack() -> Bool {
        guard world.server.disk.recovery != nil,
            let client = stepper.pick(world.clients.filter { !$0.isRevoked }),
            let (entry, mailbox) = falseReturn(by: client)
        else { return false }
        let world = world
        stepper.begin {
            guard let answer = await client.giveBack(entry, of: mailbox) else { return }
            guard case .refused(let refusal) = answer else {
                world.witness.broken(.recovery, "\(client.name) gave back \(entry) with a false receipt")
                return
            }
            world.history.count("forged receipt, \(refusal.code.rawValue)")
        }
        return true
    }

    private func falseReturn(by client: ClientMachine) -> (ReplicaEntry, ReplicaMailbox)? {
        let strangers = world.clients.filter { $0.address != client.address }.flatMap { $0.disk.entries(.own) }
        let own = client.disk.entries(.own)
        guard let known = stepper.pick(own.filter { $0.receipt != nil }), let receipt = known.receipt else {
            return nil
        }
        func entry(_ line: [UInt8], _ receivedAt: Timestamp, _ receipt: String?) -> ReplicaEntry {
            ReplicaEntry(position: known.position, receivedAt: receivedAt, line: line, receipt: receipt)
        }
        switch stepper.number(below: 5) {
        case 0:
            guard let other = stepper.pick(strangers), other.receipt != nil else { return nil }
            return (other, .own)
        case 1: return (known, .directory)
        case 2:
            guard let other = stepper.pick((strangers + own).filter { $0.line != known.line }) else { return nil }
            return (entry(other.line, known.receivedAt, receipt), .own)
        case 3: return (entry(known.line, known.receivedAt.adding(milliseconds: 1), receipt), .own)
        default:
            guard let bytes = ReceiptToken(receipt)?.bytes else { return nil }
            var forged = bytes
            forged[stepper.number(below: forged.count)] ^= 1 << UInt8(stepper.number(below: 8))
            return (entry(known.line, known.receivedAt, ReceiptToken(bytes: forged).text), .own)
        }
    }

    private func id() -> ChangeID {
        ChangeID(
            time: Timestamp(milliseconds: ServerMachine.beginning + stepper.now),
            random: (stepper.word(), stepper.word()))
    }

    private func change(
        _ id: ChangeID, _ author: Address, _ subject: SubjectID, _ type: ChangeType, _ body: ChangeBody,
        after: ChangeID? = nil, needs: [ChangeID] = []
    ) -> [UInt8] {
        Change(
            id: id, subject: subject, after: after, needs: needs, author: author,
            time: Timestamp(milliseconds: ServerMachine.beginning + stepper.now), type: type, body: body
        ).line()
    }

    private func line(by client: ClientMachine) -> [UInt8]? {
        let id = id()
        let own = client.address
        switch stepper.number(below: 7) {
        case 0:
            guard let other = stepper.pick(world.clients.map(\.address).filter { $0 != own }) else { return nil }
            return request(id, by: other)
        case 1: return [UInt8]("{\"v\":1,\"id\":\"\(id.text)\",\"id\":\"\(id.text)\"}".utf8)
        case 2: return request(id, by: own, needs: [self.id()])
        case 3: return withdrawal(id, by: own)
        case 4: return answer(id, by: own)
        case 5: return outOfTurn(id)
        default: return taken(by: own)
        }
    }

    private func request(_ id: ChangeID, by author: Address, needs: [ChangeID] = []) -> [UInt8]? {
        guard let accounthouder = Address("pv28/accounthouder-haagse-regio") else { return nil }
        let kind: MeetingContent.Kind = author.role == .griffie ? .briefing : .conversation
        let content = MeetingContent(kind: kind, accounthouder: accounthouder, themes: ["Wonen"])
        return change(id, author, .meeting(id), .meetingRequest, .meetingRequest(content), needs: needs)
    }

    private func letter() -> Change? {
        stepper.pick(world.witness.committed.compactMap(\.change).filter { $0.type == .letterPublish })
    }

    private func last(_ subject: SubjectID) -> ChangeID? {
        let witness = world.witness
        return (witness.subjects[subject] ?? []).compactMap { witness.committed[$0].change }
            .last { $0.type?.isCommuting != true }?.id
    }

    /// Somebody who didn't send a letter takes it back.
    private func withdrawal(_ id: ChangeID, by author: Address) -> [UInt8]? {
        guard let letter = letter(), letter.author != author else { return nil }
        return change(
            id, author, letter.subject, .letterWithdraw, .letterWithdraw(reason: "Nee."),
            after: last(letter.subject))
    }

    /// Somebody answers for an organisation that isn't theirs.
    private func answer(_ id: ChangeID, by author: Address) -> [UInt8]? {
        guard let letter = letter(), case .letterPublish(let content) = letter.body,
            let other = content.recipients.map(\.organisation).first(where: { $0 != author.organisation })
        else { return nil }
        let subject = SubjectID.response(letter: letter.id, organisation: other)
        let response = ResponseContent(
            route: Route(sender: letter.author, region: content.region), roles: content.roles(at: other),
            answer: AnswerContent(dossier: content.dossier, text: "Nee."))
        return change(id, author, subject, .responseSubmit, .responseSubmit(response), after: last(subject))
    }

    /// The right author follows a change that isn't the last.
    private func outOfTurn(_ id: ChangeID) -> [UInt8]? {
        let witness = world.witness
        let exact = witness.committed.compactMap(\.change).filter { $0.type == .responseSubmit && $0.after != nil }
        guard let change = stepper.pick(exact) else { return nil }
        return self.change(id, change.author, change.subject, .responseSubmit, change.body, after: change.after)
    }

    /// An id that somebody has used already.
    private func taken(by author: Address) -> [UInt8]? {
        guard
            let known = stepper.pick(
                world.witness.committed.compactMap(\.change).filter { $0.type == .meetingRequest })
        else { return nil }
        return request(known.id, by: author)
    }
}
