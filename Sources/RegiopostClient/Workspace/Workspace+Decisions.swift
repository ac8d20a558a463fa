import RegiopostModel

/// What a user decides about changes that the server surely doesn't have.
extension Workspace {
    /// Writes a change anew on top of what is there now, and with it everything that builds on it. The new ones get new
    /// ids; the old ones were definitely not taken.
    ///
    /// - Parameter body: what it is to say; `nil` for what it said.
    /// - Returns: the new changes, none where there is no such change that the server surely doesn't have.
    /// - Throws: a `Refusal` where it doesn't fit, `Overtaken` where another process has decided meanwhile; then the
    ///   outbox is as it was.
    public func redo(_ id: ChangeID, saying body: ChangeBody? = nil, in view: View) async throws -> [Change] {
        guard let first = view.outbox.first(where: { $0.change.id == id }), first.isSurelyNotThere else {
            return []
        }
        let old = [first] + OutboxItem.dependents(of: id, in: view.outbox)
        var world = try await world(without: old, in: view)
        var renamed: [ChangeID: ChangeID] = [:]
        var new: [(change: Change, line: [UInt8], key: String?)] = []
        for item in old {
            let said = item.change.id == id ? body ?? item.change.body : item.change.body
            let change = try rewrite(item.change, saying: said, renamed: &renamed, in: world)
            world.take(change, digest: surroundings.digest(change.line()), receivedAt: nil)
            new.append((change, change.line(), item.key))
        }
        guard try await store.replace(old, with: new) else { throw Overtaken() }
        return new.map(\.change)
    }

    /// Takes a change that the server surely doesn't have out of the outbox, and with it everything that builds on it,
    /// because that could never go.
    ///
    /// - Returns: what was taken out, in order; nothing where there is no such change.
    /// - Throws: `Overtaken` where another process has decided or sent it meanwhile; then the outbox is as it was.
    public func drop(_ id: ChangeID, in view: View) async throws -> [OutboxItem] {
        guard let first = view.outbox.first(where: { $0.change.id == id }), first.isSurelyNotThere else {
            return []
        }
        let all = [first] + OutboxItem.dependents(of: id, in: view.outbox)
        guard try await store.replace(all, with: []) else { throw Overtaken() }
        return all
    }

    /// What is there without some items of the outbox.
    private func world(without items: [OutboxItem], in view: View) async throws(ClientError) -> Correspondence {
        let isSeen = items.contains { item in
            if case .refused = item.state { return false }
            return !view.held.contains(item.change.id)
        }
        guard isSeen else { return view.correspondence }
        let ids = Set(items.map(\.change.id))
        let snapshot = try await store.snapshot()
        let held = OutboxItem.held(in: snapshot.outbox)
        let rest = snapshot.outbox.filter { !ids.contains($0.change.id) && !held.contains($0.change.id) }
        return correspondence(snapshot, outbox: rest)
    }

    private func rewrite(
        _ old: Change, saying body: ChangeBody, renamed: inout [ChangeID: ChangeID], in world: Correspondence
    ) throws(Refusal) -> Change {
        guard let type = old.type else { throw Refusal(.unknownType, ["type": old.typeName]) }
        let id = ChangeID(time: now, random: surroundings.random())
        renamed[old.id] = id
        let subject = old.subject.naming(renamed)
        let change = Change(
            id: id, subject: subject, after: type.isCommuting ? nil : world.subject(subject)?.lastExact,
            needs: old.needs.map { renamed[$0] ?? $0 }, author: address, time: now, takenFrom: old.takenFrom,
            type: type, body: body.naming(renamed))
        let line = change.line()
        // Read back, so that what an editor made of it is checked as a line from outside is.
        let read = try Change(line: line)
        _ = try Rules.judge(read, from: address, in: world, digest: surroundings.digest(line), receivedAt: nil)
        return read
    }
}

extension SubjectID {
    /// The same, of changes that were written anew by their new ids.
    func naming(_ renamed: [ChangeID: ChangeID]) -> SubjectID {
        guard let start, let new = renamed[start] else { return self }
        return switch self {
        case .letter: .letter(new)
        case .receipt(_, let address): .receipt(letter: new, address: address)
        case .response(_, let organisation): .response(letter: new, organisation: organisation)
        case .joint: .joint(new)
        case .draft: .draft(new)
        case .meeting: .meeting(new)
        case .agreement: .agreement(new)
        case .programme: .programme(new)
        case .term(_, let organisation): .term(letter: new, organisation: organisation)
        case .organisation, .region, .mandate, .other: self
        }
    }
}
