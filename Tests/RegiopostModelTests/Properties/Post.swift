import RegiopostModel

/// A server in miniature: judges by the model's rules, delivers by the verdict's mailboxes, and keeps what a journal keeps.
struct Post {
    /// Everything that was taken.
    private(set) var world = Correspondence()
    /// What each mailbox holds, in order.
    private(set) var mailboxes: [Mailbox: [Change]] = [:]
    /// Each subject's changes, in order.
    private(set) var changes: [SubjectID: [Change]] = [:]
    /// How many changes of each subject each mailbox holds.
    private var held: [Mailbox: [SubjectID: Int]] = [:]

    /// Takes a change that arrived, or refuses it. Who newly enters the audience gets the subject's past first.
    mutating func push(_ change: Change, from address: Address) throws(Refusal) {
        let digest = change.lineDigest
        let verdict = try Rules.judge(change, from: address, in: world, digest: digest, receivedAt: nil)
        world.take(change, digest: digest, receivedAt: nil)
        changes[change.subject, default: []].append(change)
        let all = changes[change.subject] ?? []
        for mailbox in verdict.mailboxes {
            let count = held[mailbox]?[change.subject] ?? 0
            mailboxes[mailbox, default: []] += all[count...]
            held[mailbox, default: [:]][change.subject] = all.count
        }
        for fill in verdict.fills { self.fill(fill) }
    }
}

extension Post {
    /// Gives a mailbox what another holds and it lacks, in the other's order.
    private mutating func fill(_ fill: Fill) {
        for change in mailboxes[fill.from] ?? [] {
            let own = held[fill.to]?[change.subject] ?? 0
            guard let number = changes[change.subject]?.firstIndex(of: change), number >= own else { continue }
            mailboxes[fill.to, default: []].append(change)
            held[fill.to, default: [:]][change.subject] = number + 1
        }
    }
}

/// A client in miniature: a replica of its mailbox and of the directory, and an outbox on top.
struct PostClient {
    /// Whose it is.
    let address: Address
    /// What it has pulled.
    private(set) var replica = Correspondence()
    /// What it has written and not pushed.
    private(set) var outbox: [Change] = []
    private var positions: [Mailbox: Int] = [:]

    init(address: Address) { self.address = address }

    /// The replica with the outbox on top: what its user sees.
    var view: Correspondence {
        var view = replica
        for change in outbox { view.take(change, digest: change.lineDigest, receivedAt: nil) }
        return view
    }

    /// Reads what is new.
    mutating func pull(from post: Post) {
        for mailbox in [Mailbox.directory, .address(address)] {
            let all = post.mailboxes[mailbox] ?? []
            for change in all[(positions[mailbox] ?? 0)...] {
                replica.take(change, digest: change.lineDigest, receivedAt: nil)
            }
            positions[mailbox] = all.count
        }
    }

    /// Puts a change into the outbox where the rules allow it on what is seen.
    mutating func write(_ change: Change) throws(Refusal) {
        _ = try Rules.judge(change, from: address, in: view, receivedAt: nil)
        outbox.append(change)
    }

    /// Sends the outbox in order; what builds on something refused is held back with it.
    ///
    /// - Returns: the codes of what was refused.
    mutating func push(to post: inout Post) -> [RefusalCode] {
        var refused: Set<ChangeID> = []
        var codes: [RefusalCode] = []
        for change in outbox {
            let builds = change.needs + [change.after].compactMap { $0 }
            guard builds.allSatisfy({ !refused.contains($0) }) else {
                refused.insert(change.id)
                continue
            }
            do throws(Refusal) {
                try post.push(change, from: address)
            } catch {
                refused.insert(change.id)
                codes.append(error.code)
            }
        }
        outbox = []
        return codes
    }
}
