/// The tables of the index. All of it follows from the log, so that it may be removed at any time while no server
/// runs.
enum IndexSchema {
    /// What `PRAGMA user_version` says. Another one is made anew from the log.
    static let version = 2
    /// `PRAGMA application_id`: the letters RGPI.
    static let applicationID = 0x5247_5049

    static let tables = """
        -- How far the index goes; written in the same transaction as the rest. One row.
        CREATE TABLE covered (
            key INTEGER PRIMARY KEY CHECK (key = 1),
            log TEXT NOT NULL,
            place INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            chain BLOB NOT NULL
        ) STRICT;

        CREATE TABLE mailbox (
            key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL -- its last position
        ) STRICT;

        -- Where each record lies. A place is segment << 40 | offset.
        CREATE TABLE change (
            sequence INTEGER PRIMARY KEY,
            place INTEGER NOT NULL,
            head_bytes INTEGER NOT NULL,
            text_bytes INTEGER NOT NULL,
            subject INTEGER NOT NULL, -- the sequence of the subject's first change
            number INTEGER NOT NULL, -- 1, 2, 3 … in the subject
            previous INTEGER NOT NULL -- the sequence of the subject's change before, 0 where there is none
        ) STRICT;

        CREATE TABLE identity (id BLOB PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE subject (
            name TEXT PRIMARY KEY,
            first INTEGER NOT NULL, -- the sequence of its first change
            last INTEGER NOT NULL, -- the sequence of its last change
            count INTEGER NOT NULL,
            head BLOB NOT NULL, -- the id of its last change
            standings BLOB NOT NULL -- who holds how much of it
        ) STRICT, WITHOUT ROWID;

        -- What stands at each position of a mailbox, a hundred positions a row: row 0 has 1 to 100. Each is the sequence
        -- of a record, 8 bytes with the lowest first.
        CREATE TABLE delivery (
            mailbox INTEGER NOT NULL,
            run INTEGER NOT NULL,
            sequences BLOB NOT NULL,
            PRIMARY KEY (mailbox, run)
        ) STRICT, WITHOUT ROWID;

        -- Which subjects have a change that cites a file.
        CREATE TABLE citation (
            file BLOB NOT NULL, -- the SHA-256 of its bytes
            subject TEXT NOT NULL,
            PRIMARY KEY (file, subject)
        ) STRICT, WITHOUT ROWID;
        """
}
