import Foundation
import GRDB
import RegiopostClient
import RegiopostModel

/// What can be searched: one row for each change in the own mailbox or in the outbox, written with it and gone with it.
enum SearchIndex {
    static let schema = """
        CREATE TABLE searchable (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, subject TEXT NOT NULL, kind TEXT NOT NULL,
            author TEXT NOT NULL, title TEXT, moment INTEGER NOT NULL, waits INTEGER NOT NULL);
        CREATE INDEX searchable_subject ON searchable (subject, moment);
        CREATE INDEX searchable_kind ON searchable (kind, subject);
        CREATE VIRTUAL TABLE search USING fts5 (
            title, dossier, document, reference, municipality, theme, number, text,
            tokenize = "unicode61 remove_diacritics 2");
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

    /// Takes in everything that was stored before there was an index. O(entries).
    static func fill(_ database: Database) throws {
        let replica = try Row.fetchCursor(
            database, sql: "SELECT received, line FROM replica WHERE mailbox = 'own' ORDER BY position")
        while let row = try replica.next() {
            guard let change = try? Change(line: [UInt8](row["line"] as Data)) else { continue }
            try add(change, receivedAt: Timestamp(milliseconds: row["received"]), database)
        }
        let outbox = try Row.fetchCursor(
            database,
            sql: """
                SELECT line FROM outbox
                WHERE NOT EXISTS (SELECT 1 FROM replica WHERE id = outbox.id AND mailbox = 'own') ORDER BY number
                """)
        while let row = try outbox.next() {
            guard let change = try? Change(line: [UInt8](row["line"] as Data)) else { continue }
            try add(change, receivedAt: nil, database)
        }
    }

    /// Takes in one change, in the place of what is there by its id. O(bytes of the change).
    static func add(_ change: Change, receivedAt: Timestamp?, _ database: Database) throws {
        guard let found = SearchableChange(change) else { return }
        let id = Data(change.id.bytes)
        if let number = try Int64.fetchOne(
            database, sql: "SELECT number FROM searchable WHERE id = ?", arguments: [id])
        {
            try database.execute(sql: "DELETE FROM search WHERE rowid = ?", arguments: [number])
            try database.execute(sql: "DELETE FROM searchable WHERE number = ?", arguments: [number])
        }
        try database.execute(
            sql: """
                INSERT INTO searchable (id, subject, kind, author, title, moment, waits) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, found.subject.text, found.kind, change.author.text, found.title,
                (receivedAt ?? change.time).milliseconds, receivedAt == nil,
            ])
        let columns = [
            [found.title ?? ""], found.dossiers, found.documents, found.references, found.municipalities,
            found.themes, found.numbers, found.texts,
        ].map { $0.joined(separator: "\n").replacing("\0", with: " ") }
        try database.execute(
            sql: """
                INSERT INTO search (rowid, title, dossier, document, reference, municipality, theme, number, text)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, arguments: [database.lastInsertedRowID] + StatementArguments(columns))
    }

    /// Notes a change that came again as it was: only when it was received may differ.
    static func keep(_ id: ChangeID, receivedAt: Timestamp, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE searchable SET moment = ?, waits = 0 WHERE id = ?",
            arguments: [receivedAt.milliseconds, Data(id.bytes)])
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
