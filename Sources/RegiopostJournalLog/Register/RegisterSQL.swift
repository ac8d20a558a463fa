/// Every statement on the register that runs after opening, in one place, so that a test can ask SQLite how it would
/// run each.
enum RegisterSQL: String, CaseIterable {
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
