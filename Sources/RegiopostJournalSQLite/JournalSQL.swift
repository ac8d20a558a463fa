/// Every statement that runs after opening, in one place, so that a test can ask SQLite how it would run each.
enum JournalSQL: String, CaseIterable {
    // Appending.
    case receiptByID = """
        SELECT change.digest, change.position, change.received_at, mailbox.name, change.subject
        FROM change JOIN mailbox ON mailbox.key = change.author WHERE change.id = ?1
        """
    case subjectHead = "SELECT number, id FROM change WHERE subject = ?1 ORDER BY number DESC LIMIT 1"
    case mailboxHead = """
        SELECT mailbox.key, (SELECT max(position) FROM delivery WHERE delivery.mailbox = mailbox.key)
        FROM mailbox WHERE mailbox.name = ?1
        """
    case addMailbox = "INSERT INTO mailbox (name) VALUES (?1)"
    case addChange = """
        INSERT INTO change (id, digest, subject, number, author, position, received_at, line)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """
    case audience = "SELECT mailbox, held FROM audience WHERE subject = ?1"
    case enterAudience = "INSERT OR REPLACE INTO audience (subject, mailbox, held) VALUES (?1, ?2, NULL)"
    case leaveAudience = "UPDATE audience SET held = ?3 WHERE subject = ?1 AND mailbox = ?2"
    case deliver = "INSERT INTO delivery (mailbox, position, sequence) VALUES (?1, ?2, ?3)"
    case deliverPast = """
        INSERT INTO delivery (mailbox, position, sequence)
        SELECT ?1, ?2 + number, sequence FROM change WHERE subject = ?3 AND number > ?4 AND number <= ?5
        """
    case findMailbox = "SELECT key FROM mailbox WHERE name = ?1"
    // What ?2 holds and ?1 doesn't.
    case lacking = """
        SELECT source.sequence
        FROM delivery AS source JOIN change ON change.sequence = source.sequence
        LEFT JOIN audience AS own ON own.subject = change.subject AND own.mailbox = ?1
        WHERE source.mailbox = ?2 AND (own.subject IS NULL OR change.number > own.held)
        ORDER BY source.position
        """
    // ?1 stands to each subject that ?2 holds something of at least as ?2 does.
    case fillAudience = """
        INSERT INTO audience (subject, mailbox, held)
        SELECT source.subject, ?1, source.held FROM audience AS source
        WHERE source.mailbox = ?2 AND source.subject IN (
            SELECT change.subject FROM delivery JOIN change ON change.sequence = delivery.sequence
            WHERE delivery.mailbox = ?2)
        ON CONFLICT (subject, mailbox) DO UPDATE SET held = CASE
            WHEN held IS NULL OR excluded.held IS NULL THEN NULL ELSE max(held, excluded.held) END
        """

    case cite = "INSERT OR IGNORE INTO citation (file, subject) VALUES (?1, ?2)"

    // Reading.
    case page = """
        SELECT delivery.position, change.line, change.digest, change.received_at
        FROM mailbox JOIN delivery ON delivery.mailbox = mailbox.key
        JOIN change ON change.sequence = delivery.sequence
        WHERE mailbox.name = ?1 AND delivery.position > ?2 ORDER BY delivery.position LIMIT ?3
        """
    case headDigest = """
        SELECT delivery.position, change.digest
        FROM mailbox JOIN delivery ON delivery.mailbox = mailbox.key
        JOIN change ON change.sequence = delivery.sequence
        WHERE mailbox.name = ?1 ORDER BY delivery.position DESC LIMIT 1
        """
    case digestAt = """
        SELECT change.digest
        FROM mailbox JOIN delivery ON delivery.mailbox = mailbox.key
        JOIN change ON change.sequence = delivery.sequence
        WHERE mailbox.name = ?1 AND delivery.position = ?2
        """
    case changesOfSubject = """
        SELECT change.id, change.line, change.digest, mailbox.name, change.received_at
        FROM change JOIN mailbox ON mailbox.key = change.author
        WHERE change.subject = ?1 ORDER BY change.number
        """
    case audienceOfSubject = """
        SELECT mailbox.name FROM audience JOIN mailbox ON mailbox.key = audience.mailbox
        WHERE audience.subject = ?1 AND audience.held IS NULL
        """

    case subjectsCiting = "SELECT subject FROM citation WHERE file = ?1 ORDER BY subject"

    // Settings.
    case setting = "SELECT value FROM setting WHERE name = ?1"
    case keepSetting = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)"
    case forgetSetting = "DELETE FROM setting WHERE name = ?1"

    // Enrolment.
    case addInvitation = """
        INSERT INTO invitation (secret_digest, address, expires) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
        """
    case invitation = """
        SELECT secret_digest, address, expires, key, serial, certificate FROM invitation WHERE secret_digest = ?1
        """
    case useInvitation = """
        UPDATE invitation SET key = ?2, serial = ?3, certificate = ?4 WHERE secret_digest = ?1
        """
    case endInvitations = "UPDATE invitation SET expires = 0 WHERE address = ?1"
    case addCertificate = """
        INSERT INTO certificate (serial, address, issued_at, expires, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING
        """
    case certificate = "SELECT serial, address, issued_at, expires, revoked_at FROM certificate WHERE serial = ?1"
    case revokeSerial = "UPDATE certificate SET revoked_at = ?2 WHERE serial = ?1 AND revoked_at IS NULL"
    case revokeAddress = """
        UPDATE certificate SET revoked_at = ?2 WHERE address = ?1 AND revoked_at IS NULL RETURNING serial
        """

    // Lists for people, which read everything there is to list.
    case allInvitations = """
        SELECT secret_digest, address, expires, key, serial, certificate FROM invitation
        ORDER BY expires, secret_digest
        """
    case allCertificates = """
        SELECT serial, address, issued_at, expires, revoked_at FROM certificate ORDER BY issued_at, serial
        """
}
