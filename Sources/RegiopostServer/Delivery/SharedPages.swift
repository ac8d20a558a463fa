import RegiopostModel
import RegiopostWire
import Synchronization

/// The last short page of each mailbox that grew, written once for all who watch it.
final class SharedPages: Sendable {
    private struct Shared {
        let position: Int
        let answer: PageAnswer
    }

    private struct State {
        var pages: [Mailbox: Shared] = [:]
        /// How many times mailboxes grew.
        var grown = 0
    }

    /// No more pages are kept. None is longer than `Limits.outputPiece` and one change.
    private static let maximum = 256

    private let state = Mutex(State())

    /// Mailboxes have grown: told after that can be read and before anybody is told to read it.
    func grew(_ mailboxes: Set<Mailbox>) {
        state.withLock { state in
            state.grown += 1
            guard !state.pages.isEmpty else { return }
            for mailbox in mailboxes { state.pages[mailbox] = nil }
        }
    }

    /// The page after a position: the one that is here, or what `make` answers, which is kept for the others.
    func page(of mailbox: Mailbox, after position: Int, _ make: () -> PageAnswer?) -> PageAnswer? {
        let (known, grown) = state.withLock { ($0.pages[mailbox], $0.grown) }
        if let known, known.position == position { return known.answer }
        guard let made = make() else { return nil }
        state.withLock { state in
            // What was read before a mailbox grew may lack what came then.
            guard state.grown == grown else { return }
            if state.pages.count >= Self.maximum { state.pages.removeAll(keepingCapacity: true) }
            state.pages[mailbox] = Shared(position: position, answer: made)
        }
        return made
    }
}
