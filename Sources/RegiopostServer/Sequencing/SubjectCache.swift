import RegiopostJournal
import RegiopostModel

/// The folds that the sequencer judges against: what is committed, and what is on its way there. Subjects are loaded
/// from the journal when a change needs them and forgotten when there are too many.
struct SubjectCache: World {
    /// How many subjects are kept folded.
    static let capacity = 20_000

    private var subjects: [SubjectID: Subject] = [:]
    private var absent: Set<SubjectID> = []
    /// The subjects of changes judged here, which may not be in the journal yet.
    private var subjectsOfChanges: [ChangeID: SubjectID] = [:]
    /// What the change that is judged next needs and its author may see.
    private var present: Set<ChangeID> = []
    private(set) var directory = Directory()
    private(set) var isDirectoryLoaded = false

    func subject(_ id: SubjectID) -> Subject? { subjects[id] }

    func contains(_ id: ChangeID) -> Bool { present.contains(id) }

    /// The subjects that judging the change takes and that aren't here yet.
    mutating func missing(for change: Change) -> [SubjectID] {
        if subjects.count + absent.count > Self.capacity || subjectsOfChanges.count > 4 * Self.capacity {
            forgetSubjects()
        }
        return Rules.subjects(neededBy: change).filter { subjects[$0] == nil && !absent.contains($0) }
    }

    /// Folds all of a subject's changes. O(changes).
    mutating func fill(_ id: SubjectID, with changes: [StoredChange]) throws(JournalError) {
        var subject = Subject(id: id)
        for stored in changes {
            do {
                try subject.apply(try Change(line: stored.line), receivedAt: stored.receivedAt)
            } catch {
                let sentence = "The stored change \(stored.id.text) no longer fits its subject."
                throw JournalError(.corrupt, sentence, cause: error.code.rawValue)
            }
        }
        if subject.head == nil { absent.insert(id) } else { subjects[id] = subject }
    }

    mutating func fill(_ directory: Directory) {
        self.directory = directory
        isDirectoryLoaded = true
    }

    /// The subject of a change that was judged here.
    func subject(ofChange id: ChangeID) -> SubjectID? { subjectsOfChanges[id] }

    /// Says which of the next change's needs are there, for its author.
    mutating func setPresent(_ ids: Set<ChangeID>) { present = ids }

    /// What a verdict says is the subject from now on.
    mutating func set(_ subject: Subject, after change: Change) {
        subjects[subject.id] = subject
        absent.remove(subject.id)
        subjectsOfChanges[change.id] = change.subject
        switch change.subject {
        case .organisation, .region: directory.apply(change)
        default: break
        }
    }

    /// Forgets a subject whose pending state came to nothing.
    mutating func forget(_ id: SubjectID) {
        subjects[id] = nil
        absent.remove(id)
        switch id {
        case .organisation, .region: forgetAll()
        default: break
        }
    }

    /// Forgets everything: what is committed comes from the journal again.
    mutating func forgetAll() {
        forgetSubjects()
        directory = Directory()
        isDirectoryLoaded = false
    }

    private mutating func forgetSubjects() {
        subjects.removeAll(keepingCapacity: true)
        absent.removeAll(keepingCapacity: true)
        subjectsOfChanges.removeAll(keepingCapacity: true)
    }

    /// The fold of the directory's mailbox. O(changes in it).
    static func directory(of journal: any Journal) async throws(JournalError) -> Directory {
        var directory = Directory()
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
