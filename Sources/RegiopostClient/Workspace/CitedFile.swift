import RegiopostModel

/// A file that a change cites, and which change that is.
public struct CitedFile: Equatable, Sendable {
    /// The file.
    public let file: FileReference
    /// The change that cites it.
    public let change: ChangeID
    /// What that is about.
    public let subject: SubjectID
    /// Who wrote it.
    public let author: Address
}

extension View {
    /// The files that changes cite, newest change first, those on their way among them. Of a response, the newest version
    /// counts, of several organisations together as well. O(changes).
    ///
    /// - Parameter letter: only those of this letter and of the responses to it; `nil` for all.
    public func files(of letter: ChangeID? = nil) -> [CitedFile] {
        let waiting = outbox.filter { item in if case .refused = item.state { false } else { true } }.map(\.change)
        let known = Set(changes.map(\.id))
        let all = changes + waiting.filter { !known.contains($0.id) }
        return all.reversed().flatMap { change -> [CitedFile] in
            guard letter == nil || self.letter(of: change.subject) == letter, isCurrent(change) else { return [] }
            return change.body.files.map {
                CitedFile(file: $0, change: change.id, subject: change.subject, author: change.author)
            }
        }
    }

    private func isCurrent(_ change: Change) -> Bool {
        switch correspondence.subject(change.subject)?.state {
        case .response(let response): return response.current.id == change.id
        case .joint(let joint): return joint.current.id == change.id
        default: return true
        }
    }

    /// The letter that a subject is, or answers.
    private func letter(of subject: SubjectID) -> ChangeID? {
        switch subject {
        case .letter(let id), .receipt(let id, _), .response(let id, _): return id
        default:
            guard case .joint(let joint) = correspondence.subject(subject)?.state else { return nil }
            return joint.current.content.letter
        }
    }
}
