import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

/// What can be searched: one row for each change in the outbox, written with it, and for each in the own mailbox, written
/// behind it and before anybody searches; gone with it.
enum SearchIndex {
    /// Goes up when something else is to be found of a change.
    private static let version = 1

    static let schema = """
        CREATE TABLE searchable (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, subject TEXT NOT NULL, kind TEXT NOT NULL,
            author TEXT NOT NULL, title TEXT, moment INTEGER NOT NULL, waits INTEGER NOT NULL);
        CREATE INDEX searchable_subject ON searchable (subject, moment);
        CREATE INDEX searchable_kind ON searchable (kind, subject);
        CREATE VIRTUAL TABLE search USING fts5 (
            title, dossier, document, reference, municipality, theme, number, text,
            tokenize = "unicode61 remove_diacritics 2");
        """

    static let triggers = """
        CREATE TRIGGER outbox_left AFTER DELETE ON outbox
            WHEN NOT EXISTS (SELECT 1 FROM replica WHERE id = OLD.id AND mailbox = 'own')
        BEGIN
            DELETE FROM search WHERE rowid = (SELECT number FROM searchable WHERE id = OLD.id);
            DELETE FROM searchable WHERE id = OLD.id;
        END;
        CREATE TRIGGER replica_left AFTER DELETE ON replica
            WHEN OLD.mailbox = 'own' AND NOT EXISTS (SELECT 1 FROM replica WHERE id = OLD.id AND mailbox = 'own')
                AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = OLD.id)
        BEGIN
            DELETE FROM search WHERE rowid = (SELECT number FROM searchable WHERE id = OLD.id);
            DELETE FROM searchable WHERE id = OLD.id;
        END;
        CREATE TRIGGER replica_replaced AFTER UPDATE OF id ON replica
            WHEN OLD.mailbox = 'own' AND OLD.id <> NEW.id
                AND NOT EXISTS (SELECT 1 FROM replica WHERE id = OLD.id AND mailbox = 'own')
                AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = OLD.id)
        BEGIN
            DELETE FROM search WHERE rowid = (SELECT number FROM searchable WHERE id = OLD.id);
            DELETE FROM searchable WHERE id = OLD.id;
        END;
        """

    /// Takes in what waits in the outbox of a file that had no index. O(items).
    static func fill(_ database: Database) throws {
        let outbox = try RawStatement(
            """
            SELECT line FROM outbox
            WHERE NOT EXISTS (SELECT 1 FROM replica WHERE id = outbox.id AND mailbox = 'own') ORDER BY number
            """, database)
        while try outbox.step() {
            guard let change = try? Change(line: outbox.bytes(0)) else { continue }
            try add(change, receivedAt: nil, database)
        }
    }

    /// Whether there is something in the own mailbox that wasn't taken in yet.
    static func isBehind(_ database: Database) throws -> Bool {
        try ReplicaRows.end(of: .own, database) > done(database)
    }

    /// Takes in what came since the last time, up to so many changes. Costs by these.
    static func catchUp(atMost portion: Int, _ database: Database) throws {
        let (done, end) = (try done(database), try ReplicaRows.end(of: .own, database))
        guard end > done else { return }
        let last = min(end, done + portion)
        let rows = try RawStatement(
            """
            SELECT received, line FROM replica WHERE mailbox = 'own' AND position > ? AND position <= ?
            ORDER BY position
            """, database)
        rows.bind(done, at: 1)
        rows.bind(last, at: 2)
        while try rows.step() {
            guard let change = try? Change(line: rows.bytes(1)) else { continue }
            try add(change, receivedAt: Timestamp(milliseconds: Int64(rows.number(0))), database)
        }
        try Derived.search.reach(last, version: version, database)
    }

    /// Notes that a file of an earlier version has everything in its index.
    static func isComplete(_ database: Database) throws {
        try Derived.search.reach(try ReplicaRows.end(of: .own, database), version: version, database)
    }

    private static func done(_ database: Database) throws -> Int {
        try Derived.search.position(version: version, database) ?? 0
    }

    /// Takes in one change, in the place of what is there by its id. O(bytes of the change).
    static func add(_ change: Change, receivedAt: Timestamp?, _ database: Database) throws {
        guard let found = SearchableChange(change) else { return }
        try remove(change.id, database)
        let row = try RawStatement(
            "INSERT INTO searchable (id, subject, kind, author, title, moment, waits) VALUES (?, ?, ?, ?, ?, ?, ?)",
            database)
        row.bind(change.id, at: 1)
        row.bind(found.subject.text, at: 2)
        row.bind(found.kind, at: 3)
        row.bind(change.author.text, at: 4)
        row.bind(found.title, at: 5)
        row.bind((receivedAt ?? change.time).milliseconds, at: 6)
        row.bind(receivedAt == nil ? 1 : 0, at: 7)
        try row.run()
        let words = try RawStatement(
            """
            INSERT INTO search (rowid, title, dossier, document, reference, municipality, theme, number, text)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, database)
        words.bind(database.lastInsertedRowID, at: 1)
        let columns = [
            [found.title ?? ""], found.dossiers, found.documents, found.references, found.municipalities,
            found.themes, found.numbers, found.texts,
        ]
        for (place, texts) in columns.enumerated() {
            words.bind(withoutNUL(texts.joined(separator: "\n")), at: Int32(place + 2))
        }
        try words.run()
    }

    private static func remove(_ id: ChangeID, _ database: Database) throws {
        let known = try RawStatement("SELECT number FROM searchable WHERE id = ?", database)
        known.bind(id, at: 1)
        guard let number = try known.first({ $0.number(0) }) else { return }
        for sql in ["DELETE FROM search WHERE rowid = ?", "DELETE FROM searchable WHERE number = ?"] {
            let row = try RawStatement(sql, database)
            row.bind(number, at: 1)
            try row.run()
        }
    }

    /// What SQLite would take for the end of a text.
    private static func withoutNUL(_ text: String) -> String {
        text.utf8.contains(0) ? text.replacing("\0", with: " ") : text
    }

    // MARK: Searching

    /// The statement that finds the subjects, and what stands in its places. Each term may be met by another change of
    /// the subject. Costs by what fits a term, however much else there is.
    static func statement(_ query: SearchQuery) -> (sql: String, arguments: StatementArguments) {
        let expressions = query.terms.map(expression)
        let kind = query.kind == nil ? "" : " AND kind = :kind"
        let places = expressions.indices.map { index in
            """
            SELECT subject FROM search JOIN searchable ON searchable.number = search.rowid
            WHERE search MATCH :term\(index)\(kind)
            """
        }
        let matched =
            places.isEmpty
            ? "SELECT DISTINCT subject FROM searchable WHERE kind = :kind"
            : places.joined(separator: "\nINTERSECT ")
        var arguments: [String: (any DatabaseValueConvertible)?] = ["limit": query.limit]
        if let kind = query.kind { arguments["kind"] = kind }
        for (index, expression) in expressions.enumerated() { arguments["term\(index)"] = expression }
        let sql = """
            WITH matched AS (\(matched))
            SELECT subject, (SELECT max(moment) FROM searchable AS one WHERE one.subject = matched.subject) AS newest
            FROM matched ORDER BY newest DESC, subject LIMIT :limit
            """
        return (sql, StatementArguments(arguments))
    }

    /// The subjects that have all terms, the newest first.
    static func find(_ query: SearchQuery, _ database: Database) throws -> [SearchHit] {
        guard !query.terms.isEmpty || query.kind != nil else { return [] }
        let (sql, arguments) = statement(query)
        let any = query.terms.map { "(" + expression($0) + ")" }.joined(separator: " OR ")
        return try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap { row in
            try hit(row["subject"], matching: any, database)
        }
    }

    private static func hit(_ subject: String, matching expression: String, _ database: Database) throws
        -> SearchHit?
    {
        let rows = try Row.fetchAll(
            database,
            sql:
                "SELECT number, kind, author, title, moment, waits FROM searchable WHERE subject = ? ORDER BY moment",
            arguments: [subject])
        guard let first = rows.first, let last = rows.last, let id = SubjectID(subject),
            let author = Address(first["author"] as String)
        else { return nil }
        var title = rows.compactMap { $0["title"] as String? }.last
        let path = subject.split(separator: "/")
        if title == nil, path.count == 3 {
            title = try String.fetchOne(
                database, sql: "SELECT title FROM searchable WHERE subject = ? ORDER BY moment DESC LIMIT 1",
                arguments: ["letter/" + path[1]])
        }
        let numbers = rows.map { $0["number"] as Int64 }
        return SearchHit(
            subject: id, kind: first["kind"], author: author, title: title,
            moment: Timestamp(milliseconds: last["moment"]), isWaiting: last["waits"],
            snippet: try snippet(numbers, matching: expression, database))
    }

    /// Words around a match in the newest change that has one, else how the newest text begins.
    private static func snippet(
        _ numbers: [Int64], matching expression: String, _ database: Database
    ) throws -> String {
        for number in numbers.reversed() where !expression.isEmpty {
            let found = try String.fetchOne(
                database,
                sql: "SELECT snippet(search, 7, '', '', '…', 24) FROM search WHERE search MATCH ? AND rowid = ?",
                arguments: [expression, number])
            if let found, !found.isEmpty { return oneLine(found) }
        }
        guard let number = numbers.last else { return "" }
        let text = try String.fetchOne(
            database, sql: "SELECT text FROM search WHERE rowid = ?", arguments: [number])
        return oneLine(String((text ?? "").prefix(160)))
    }

    private static func oneLine(_ text: String) -> String {
        text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
            .joined(separator: " ")
    }

    /// A term in the words of FTS5, every text in quotes.
    static func expression(_ term: SearchQuery.Term) -> String {
        var alternatives: [String] = []
        if term.field == .municipality {
            alternatives = [quoted(term.organisation?.text ?? term.text)]
        } else {
            alternatives = [quoted(term.text) + " *"]
            let compact = SearchQuery.compact(term.text)
            if compact.contains(where: \.isNumber) { alternatives.append(quoted(compact) + " *") }
            if let reference = ReferenceForms.compact(term.text) { alternatives.append(quoted(reference) + " *") }
        }
        let joined = alternatives.joined(separator: " OR ")
        guard term.field == .anywhere else { return "\(term.field.rawValue) : (\(joined))" }
        guard let organisation = term.organisation else { return joined }
        return "(\(joined)) OR municipality : \(quoted(organisation.text))"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\"", with: " ").replacing("\0", with: " ") + "\""
    }
}
