/// Every statement on the index, in one place, so that a test can ask SQLite how it would run each.
enum IndexSQL: Int, CaseIterable {
    case begin, beginImmediate, commit, rollback
    case covered, cover
    case identity, addIdentity
    case change, changes, addChange
    case subject, keepSubject
    case mailbox, mailboxName, keepMailbox, lastMailboxKey
    case keepRun, run, runs
    case addCitation, citing

    var text: String {
        switch self {
        case .begin: "BEGIN"
        case .beginImmediate: "BEGIN IMMEDIATE"
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .covered: "SELECT log, place, sequence, chain FROM covered WHERE key = 1"
        case .cover: "INSERT OR REPLACE INTO covered (key, log, place, sequence, chain) VALUES (1, ?1, ?2, ?3, ?4)"
        case .identity: "SELECT sequence FROM identity WHERE id = ?1"
        case .addIdentity: "INSERT INTO identity (id, sequence) VALUES (?1, ?2)"
        case .change:
            "SELECT place, head_bytes, text_bytes, subject, number, previous FROM change WHERE sequence = ?1"
        case .changes:
            """
            SELECT place, head_bytes, text_bytes, subject, number, previous, sequence FROM change
            WHERE sequence >= ?1 ORDER BY sequence
            """
        case .addChange:
            """
            INSERT INTO change (sequence, place, head_bytes, text_bytes, subject, number, previous)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        case .subject: "SELECT first, last, count, head, standings FROM subject WHERE name = ?1"
        case .keepSubject:
            """
            INSERT OR REPLACE INTO subject (name, first, last, count, head, standings)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """
        case .mailbox: "SELECT key, head FROM mailbox WHERE name = ?1"
        case .mailboxName: "SELECT name, head FROM mailbox WHERE key = ?1"
        case .keepMailbox:
            """
            INSERT INTO mailbox (key, name, head) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET head = excluded.head
            """
        case .lastMailboxKey: "SELECT max(key) FROM mailbox"
        case .keepRun: "INSERT OR REPLACE INTO delivery (mailbox, run, sequences) VALUES (?1, ?2, ?3)"
        case .addCitation: "INSERT OR IGNORE INTO citation (file, subject) VALUES (?1, ?2)"
        case .citing: "SELECT subject FROM citation WHERE file = ?1"
        case .run: "SELECT sequences FROM delivery WHERE mailbox = ?1 AND run = ?2"
        case .runs: "SELECT run, sequences FROM delivery WHERE mailbox = ?1 AND run >= ?2 ORDER BY run"
        }
    }
}
