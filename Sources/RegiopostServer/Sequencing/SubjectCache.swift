import RegiopostJournal
import RegiopostModel

/// The folds that the sequencer judges against: what is committed, and what is on its way there. Subjects are loaded
/// from the journal when a change needs them and forgotten when there are too many: those first that weren't needed for the
/// longest time, about.
struct SubjectCache: World {
    /// How many subjects are kept folded, unless said otherwise: some 2 KiB each. One more is read and folded faster than a disk
    /// syncs.
    static let capacity = 16_384

    // An object, since a subject is large: most looks at the cache ask whether it is there, or what its head is.
    private final class Kept {
        var subject: Subject
        init(_ subject: Subject) { self.subject = subject }
    }

    private let capacity: Int

    /// What was needed lately, at most half of the capacity when nothing is on its way, and what was needed before that.
    private var subjects: [SubjectID: Kept] = [:]
    private var older: [SubjectID: Kept] = [:]
    private var absent: Set<SubjectID> = []
    /// The changes that were judged and are not answered yet, so not in the journal either.
    private var pendingChanges: [ChangeID: ChangeOrigin] = [:]
    /// What the change that is judged next names and its author may see.
    private var present: [ChangeID: ChangeOrigin] = [:]
    private(set) var directory = Directory()
    private(set) var isDirectoryLoaded = false

    init(capacity: Int) { self.capacity = capacity }

    func subject(_ id: SubjectID) -> Subject? { kept(id)?.subject }

    /// Whether a subject is folded here.
    func holds(_ id: SubjectID) -> Bool { kept(id) != nil }

    /// The last change on a subject; `nil` where it isn't here or has none.
    func head(of id: SubjectID) -> ChangeID? { kept(id)?.subject.head }

    private func kept(_ id: SubjectID) -> Kept? { subjects[id] ?? older[id] }

    func origin(of id: ChangeID) -> ChangeOrigin? { present[id] }

    /// Keeps at hand the subjects that judging the change takes, and answers those that aren't here yet.
    ///
    /// A subject that the change names by its own id isn't looked up: it is there only if the change is, and that the
    /// journal finds out by the id.
    mutating func need(_ needed: [SubjectID], for change: Change) -> [SubjectID] {
        needed.filter { id in
            if subjects[id] != nil || absent.contains(id) { return false }
            if let found = older.removeValue(forKey: id) {
                subjects[id] = found
                return false
            }
            return !SubjectID.all(startedBy: change.id).contains(id)
        }
    }

    /// Folds all of a subject's changes. O(changes).
    mutating func fill(_ id: SubjectID, with changes: [StoredChange]) throws(JournalError) {
        let subject = try Self.subject(id, of: changes)
        if subject.head == nil { absent.insert(id) } else { subjects[id] = Kept(subject) }
    }

    /// The fold of a subject's changes. O(changes).
    static func subject(_ id: SubjectID, of changes: [StoredChange]) throws(JournalError) -> Subject {
        var subject = Subject(id: id)
        for stored in changes {
            do {
                try subject.apply(
                    try Change(line: stored.line), digest: stored.digest, receivedAt: stored.receivedAt)
            } catch {
                let sentence = "The stored change \(stored.id.text) no longer fits its subject."
                throw JournalError(.corrupt, sentence, cause: error.code.rawValue)
            }
        }
        return subject
    }

    mutating func fill(_ directory: Directory) {
        self.directory = directory
        isDirectoryLoaded = true
    }

    /// Where a change stands that is on its way into the journal.
    func origin(ofPending id: ChangeID) -> ChangeOrigin? { pendingChanges[id] }

    /// Nothing is on its way any more. Only then may what is folded be forgotten to make room.
    mutating func settled() {
        pendingChanges.removeAll(keepingCapacity: true)
        guard subjects.count + absent.count > capacity / 2 else { return }
        older = subjects
        subjects = [:]
        absent.removeAll(keepingCapacity: true)
    }

    /// Says which of the changes that the next one names are there, for its author.
    mutating func setPresent(_ origins: [ChangeID: ChangeOrigin]) { present = origins }

    /// What a verdict says is the subject from now on.
    mutating func set(_ subject: Subject, after change: Change) {
        if let kept = subjects[subject.id] { kept.subject = subject } else { subjects[subject.id] = Kept(subject) }
        absent.remove(subject.id)
        pendingChanges[change.id] = ChangeOrigin(subject: change.subject, author: change.author)
        if change.subject.isInDirectory { directory.apply(change) }
    }

    /// Forgets a subject whose pending state came to nothing.
    mutating func forget(_ id: SubjectID) {
        subjects[id] = nil
        older[id] = nil
        absent.remove(id)
        if id.isInDirectory { forgetAll() }
    }

    /// Forgets everything: what is committed comes from the journal again.
    mutating func forgetAll() {
        subjects.removeAll(keepingCapacity: true)
        older = [:]
        absent.removeAll(keepingCapacity: true)
        pendingChanges.removeAll(keepingCapacity: true)
        directory = Directory()
        isDirectoryLoaded = false
    }

    /// The fold of the directory's mailbox, going on from what is known of it. O(changes in it since).
    static func directory(
        of journal: any Journal, after known: Directory = Directory()
    ) async throws(JournalError) -> Directory {
        var directory = known
        while true {
            let page = try await journal.page(
                of: .directory, after: directory.position, limit: PageLimit(records: 1_000, bytes: 1 << 20))
            for entry in page.entries {
                do {
                    directory.apply(try Change(line: entry.line))
                } catch {
                    let sentence = "Change \(entry.position) of the directory can't be read."
                    throw JournalError(.corrupt, sentence, cause: error.code.rawValue)
                }
            }
            if page.entries.isEmpty || directory.position >= page.head { return directory }
        }
    }
}
