import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

/// The summary of each letter, made of its lines in the own mailbox as they are when this is brought up to date.
enum LetterTable {
    static let schema = """
        CREATE TABLE letter (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, summary BLOB NOT NULL);
        CREATE TABLE joint (subject TEXT PRIMARY KEY, letter BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX joint_letter ON joint (letter);
        """

    /// Whether something came that the summaries don't show.
    static func isBehind(_ database: Database) throws -> Bool {
        guard let done = try Derived.letters.position(version: LetterSummary.version, database) else { return true }
        return try ReplicaRows.end(of: .own, database) > done
    }

    /// Takes in what came since the last time, unless that, or the lines of the letters that it is about, are more than so many.
    /// Costs by the lines of these letters.
    static func catchUp(atMost limit: Int, _ database: Database) throws {
        let done = try Derived.letters.position(version: LetterSummary.version, database)
        let end = try ReplicaRows.end(of: .own, database)
        if done == nil { try database.execute(sql: "DELETE FROM letter; DELETE FROM joint") }
        guard end > done ?? -1 else { return }
        // After a first sync of many lines each later one would look through all of them, to find that they are too many.
        guard limit == .max || end - (done ?? 0) <= limit else { return }
        let changed = try changed(after: done, database)
        if limit < .max {
            var count = 0
            for letter in changed {
                count += try self.count(of: letter, database)
                guard count <= limit else { return }
            }
        }
        for letter in changed { try make(letter, database) }
        try Derived.letters.reach(end, version: LetterSummary.version, database)
    }

    private static func make(_ letter: ChangeID, _ database: Database) throws {
        let summary = LetterSummary.folding(try lines(of: letter, database))
        let row = try RawStatement(
            summary == nil
                ? "DELETE FROM letter WHERE id = ?"
                : "INSERT INTO letter (id, summary) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET summary = excluded.summary",
            database)
        row.bind(letter, at: 1)
        if let summary { row.bind(summary.bytes, at: 2) }
        try row.run()
    }

    /// The letters that lines are about which came after a position; `nil` for all lines, those left behind too.
    private static func changed(after done: Int?, _ database: Database) throws -> Set<ChangeID> {
        let rows = try RawStatement(
            """
            SELECT subject, line FROM replica WHERE mailbox = 'own' AND position > ? AND position < ? ORDER BY position
            """, database)
        rows.bind(done ?? 0, at: 1)
        rows.bind(done == nil ? Int.max : LeftBehind.beginning, at: 2)
        var letters: Set<ChangeID> = []
        while try rows.step() {
            guard let subject = rows.text(0).flatMap({ SubjectID($0) }) else { continue }
            if let letter = try subject.letter ?? joint(subject, { rows.bytes(1) }, database) {
                letters.insert(letter)
            }
        }
        return letters
    }

    /// The letter that a joint response answers, which only its first line says.
    private static func joint(
        _ subject: SubjectID, _ line: () -> [UInt8], _ database: Database
    ) throws -> ChangeID? {
        guard case .joint = subject else { return nil }
        guard case .jointSubmit(let content) = (try? Change(line: line()))?.body else {
            return try answered(by: subject, database)
        }
        let row = try RawStatement("INSERT OR REPLACE INTO joint (subject, letter) VALUES (?, ?)", database)
        row.bind(subject.text, at: 1)
        row.bind(content.letter, at: 2)
        try row.run()
        return content.letter
    }

    private static func answered(by joint: SubjectID, _ database: Database) throws -> ChangeID? {
        let row = try RawStatement("SELECT letter FROM joint WHERE subject = ?", database)
        row.bind(joint.text, at: 1)
        return try row.first { ChangeID(bytes: $0.bytes(0)) } ?? nil
    }

    // MARK: The lines of a letter

    /// The conditions under which rows concern a letter, each with what stands in its places.
    private static func conditions(_ letter: ChangeID, _ database: Database) throws -> [(sql: String, [String])] {
        let joints = try RawStatement("SELECT subject FROM joint WHERE letter = ?", database)
        joints.bind(letter, at: 1)
        var names = ["letter/" + letter.text]
        while try joints.step() { names.append(joints.text(0) ?? "") }
        // A slash is followed by 0 in ASCII.
        return names.map { ("subject = ?", [$0]) }
            + ["receipt/", "response/", "term/"].map { kind in
                ("subject >= ? AND subject < ?", [kind + letter.text + "/", kind + letter.text + "0"])
            }
    }

    /// All lines of the own mailbox that concern a letter, in order. Costs by these.
    static func lines(of letter: ChangeID, _ database: Database) throws -> [ReplicaEntry] {
        var entries: [ReplicaEntry] = []
        for (condition, places) in try conditions(letter, database) {
            let rows = try RawStatement(ReplicaIndex.query(by: "replica_subject", where: condition), database)
            for (index, text) in places.enumerated() { rows.bind(text, at: Int32(index + 1)) }
            while try rows.step() {
                entries.append(
                    ReplicaEntry(
                        position: rows.number(0), receivedAt: Timestamp(milliseconds: Int64(rows.number(1))),
                        line: rows.bytes(2), receipt: rows.text(3)))
            }
        }
        return entries.sorted { $0.position < $1.position }
    }

    private static func count(of letter: ChangeID, _ database: Database) throws -> Int {
        try conditions(letter, database).reduce(0) { sum, condition in
            let row = try RawStatement(
                "SELECT count(*) FROM replica INDEXED BY replica_subject WHERE mailbox = 'own' AND "
                    + condition.sql,
                database)
            for (index, text) in condition.1.enumerated() { row.bind(text, at: Int32(index + 1)) }
            return sum + (try row.first { $0.number(0) } ?? 0)
        }
    }

    // MARK: Showing

    /// The letters as they are, those whole that the outbox is about. The table must not be behind.
    ///
    /// - Returns: `nil` where a summary can't be read.
    private static func snapshot(with kinds: [String], _ database: Database) throws -> LetterSnapshot? {
        let outbox = try SQLiteClientStore.outbox(database)
        let touched = try Set(outbox.compactMap { item in try letter(of: item.change, database) })
        let own =
            try touched.flatMap { try lines(of: $0, database) }
            + ReplicaIndex.entries(of: .kinds(kinds), outbox: outbox, database)
        let rows = try RawStatement("SELECT id, summary FROM letter", database)
        var others: [LetterSummary] = []
        while try rows.step() {
            if !touched.isEmpty, let id = rows.withBytes(0, { ChangeID(bytes: $0) }), touched.contains(id) {
                continue
            }
            do {
                others.append(try rows.withBytes(1) { try LetterSummary(bytes: $0) })
            } catch is LetterSummary.Damaged {
                return nil
            }
        }
        return LetterSnapshot(
            directory: try SQLiteClientStore.entries(of: .directory, database), outbox: outbox,
            own: own.sorted { $0.position < $1.position }, others: others)
    }

    /// What there is to show; `nil` where the table has to be mended first.
    static func current(with kinds: [String], _ database: Database) throws -> LetterSnapshot? {
        try isBehind(database) ? nil : snapshot(with: kinds, database)
    }

    /// Brings the table up to date so that it can be shown; one that isn't behind and can't be read is made anew.
    static func mend(_ database: Database) throws {
        // Another process may have brought it up to date in between.
        if try !isBehind(database), try snapshot(with: [], database) == nil {
            try Derived.letters.forget(database)
        }
        try catchUp(atMost: .max, database)
    }

    private static func letter(of change: Change, _ database: Database) throws -> ChangeID? {
        if case .jointSubmit(let content) = change.body { return content.letter }
        return try change.subject.letter ?? answered(by: change.subject, database)
    }
}

extension SQLiteClientStore {
    /// The letters, and what concerns those that the outbox is about. Costs by the letters, a little each, and by what came
    /// since the last sync or list.
    public func letters(with kinds: [String]) async throws(ClientError) -> LetterSnapshot {
        while true {
            let snapshot = try await read { database in try LetterTable.current(with: kinds, database) }
            if let snapshot { return snapshot }
            try await write(LetterTable.mend)
        }
    }
}
