import RegiopostModel

/// What would become of an item of the outbox, judged by the rules on what is known here now.
public struct OutboxForecast: Sendable {
    /// What would become of it.
    public enum Outcome: Equatable, Sendable {
        /// It is at the server already.
        case arrived
        /// It would go.
        case goes
        /// It was refused and waits for a decision; as it is, it would go now.
        case waits(Refusal)
        /// The rules say no.
        case refused(Refusal)
        /// It builds on one that doesn't go.
        case held
    }

    /// The item.
    public let item: OutboxItem
    /// What would become of it.
    public let outcome: Outcome

    /// Whether nothing has to be decided about it.
    public var isFine: Bool { outcome == .arrived || outcome == .goes }
}

extension Workspace {
    /// Judges the whole outbox by the rules, in order, each item on top of those before it that go. Nothing is changed and
    /// nobody is asked; the server may know more. O(entries).
    ///
    /// - Parameter fileFault: why a file that is cited can't be sent, `nil` where it can.
    public func forecast(
        fileFault: (FileReference) async throws(ClientError) -> Refusal?
    ) async throws(ClientError) -> [OutboxForecast] {
        let snapshot = try await store.snapshot()
        var world = correspondence(snapshot, outbox: [])
        var stuck: Set<ChangeID> = []
        var forecasts: [OutboxForecast] = []
        for item in snapshot.outbox {
            var outcome = outcome(of: item, stuck, in: world)
            if outcome == .goes {
                for file in item.change.body.files {
                    if let refusal = try await fileFault(file) { outcome = .refused(refusal) }
                }
            }
            let forecast = OutboxForecast(item: item, outcome: outcome)
            if forecast.isFine {
                var receivedAt: Timestamp?
                if case .accepted(_, let moment) = item.state { receivedAt = moment }
                world.take(item.change, digest: surroundings.digest(item.line), receivedAt: receivedAt)
            } else {
                stuck.insert(item.change.id)
            }
            forecasts.append(forecast)
        }
        return forecasts
    }

    private func outcome(
        of item: OutboxItem, _ stuck: Set<ChangeID>, in world: Correspondence
    ) -> OutboxForecast.Outcome {
        if case .accepted = item.state { return .arrived }
        if item.buildsOn.contains(where: stuck.contains) { return .held }
        do throws(Refusal) {
            guard world.origin(of: item.change.id) == nil else { throw Refusal(.idTaken) }
            _ = try Rules.judge(
                item.change, from: address, in: world, digest: surroundings.digest(item.line), receivedAt: nil)
        } catch {
            return .refused(error)
        }
        if case .refused(let refusal) = item.state { return .waits(refusal) }
        return .goes
    }

    /// What is there with another outbox on top.
    func correspondence(_ snapshot: StoreSnapshot, outbox: [OutboxItem]) -> Correspondence {
        let other = StoreSnapshot(
            directory: snapshot.directory, own: snapshot.own, outbox: outbox, keys: snapshot.keys)
        return View(address: address, other, digest: surroundings.digest).correspondence
    }
}
