import RegiopostModel

/// What deciding about a subject's next change takes.
struct SubjectState: Hashable, Sendable {
    /// How a mailbox stands to a subject.
    struct Standing: Hashable, Sendable {
        /// The mailbox's key.
        let mailbox: Int
        /// How many of the subject's changes it holds since it left the audience; `all` while it is in it.
        var held: Int

        static let all = -1

        var isInAudience: Bool { held == Self.all }
    }

    /// The sequence of the first change, which also serves as the subject's key.
    var first: Int
    /// The sequence of the last change.
    var last: Int
    var count: Int
    /// The id of the last change.
    var head: ChangeID
    /// In the order of the mailboxes' keys.
    var standings: [Standing]

    /// How many of its changes a mailbox holds.
    func held(by mailbox: Int) -> Int {
        guard let standing = standings.first(where: { $0.mailbox == mailbox }) else { return 0 }
        return standing.isInAudience ? count : standing.held
    }

    /// Sets how many a mailbox holds, or that it is in the audience.
    mutating func set(_ mailbox: Int, held: Int) {
        let index = standings.firstIndex { $0.mailbox >= mailbox } ?? standings.count
        if index < standings.count, standings[index].mailbox == mailbox {
            standings[index].held = held
        } else {
            standings.insert(Standing(mailbox: mailbox, held: held), at: index)
        }
    }

    /// The standings for the index: four bytes of key and four of `held` each.
    func packStandings(to bytes: GrowingBytes) {
        bytes.clear()
        for standing in standings {
            let place = UnsafeMutableRawPointer(bytes.extend(by: 8))
            place.storeBytes(of: Int32(truncatingIfNeeded: standing.mailbox).littleEndian, as: Int32.self)
            place.storeBytes(
                of: Int32(truncatingIfNeeded: standing.held).littleEndian, toByteOffset: 4, as: Int32.self)
        }
    }

    /// Reads what `packStandings` wrote.
    static func unpackStandings(_ bytes: UnsafeRawBufferPointer) -> [Standing] {
        (0..<bytes.count / 8).map { index in
            Standing(
                mailbox: Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: Int32.self))),
                held: Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8 + 4, as: Int32.self))))
        }
    }
}

/// Where a record lies, and what it is of its subject.
struct StoredPlace: Hashable, Sendable {
    let place: LogPlace
    let headBytes: Int
    let textBytes: Int
    /// The sequence of the subject's first change.
    let subject: Int
    /// 1, 2, 3 … in the subject.
    let number: Int
    /// The sequence of the subject's change before; 0 where there is none.
    let previous: Int
}
