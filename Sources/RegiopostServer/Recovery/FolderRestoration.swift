import Glibc
import RegiopostCrypto
import RegiopostFiles
import RegiopostJSON
import RegiopostJournal
import RegiopostModel

/// Makes a data folder from a copy of one: checked, under a new epoch, and ready to take back from clients what the copy
/// lacks. The copy stays as it is, and the new folder appears whole or not at all.
public struct FolderRestoration: Sendable {
    /// Where the key for receipts comes from.
    public enum Key: Sendable, Equatable {
        /// It lies in the copy.
        case inCopy
        /// It was kept apart, in this file.
        case file(String)
        /// It is lost: nothing can be taken back, and a new key is made.
        case lost
    }

    private let copy: DataFolder
    private let folder: DataFolder
    private let key: Key
    private let backEnd: JournalBackEnd
    private let clock: @Sendable () -> Timestamp

    /// Prepares to restore a copy to a folder.
    public init(
        _ copy: DataFolder, to folder: DataFolder, key: Key, backEnd: JournalBackEnd,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.copy = copy
        self.folder = folder
        self.key = key
        self.backEnd = backEnd
        self.clock = clock
    }

    /// What goes with a process, or follows from the rest and is made anew from it.
    private static let passedOver: Set<String> = ["lock", DataFolder.socketName, "receipt-key"]

    /// Restores, and answers one object: where, how many changes, which epoch. Reads everything there is.
    public func run() async throws(OperatorError) -> JSONValue {
        try copy.checkIsWhole()
        if try await AdministrationClient.ask(.status, copy) != nil {
            throw OperatorError(.temporary, Self.isServed, ["path": copy.path])
        }
        guard try folder.entries()?.isEmpty ?? true else {
            throw OperatorError(.cannotCreate, Self.notEmpty, ["path": folder.path])
        }
        let draft = DataFolder(path: folder.path + ".restoring")
        guard try draft.entries() == nil else {
            throw OperatorError(.cannotCreate, Self.leftOver, ["path": draft.path])
        }
        let keyBytes = try keyBytes()
        try copyFolder(copy.path, to: draft.path)
        if let keyBytes {
            try ReceiptKeyFile.write(keyBytes, to: draft.receiptKey)
        } else {
            _ = try ReceiptKeyFile.make(draft.receiptKey)
        }
        let (state, cut) = try await beginEpoch(draft)
        if keyBytes != nil { try RecoveryFolder(folder: draft).begin(state) }
        guard rename(draft.path, folder.path) == 0 else {
            throw .system(errno, OperatorError.cannotWrite, folder.path)
        }
        try FolderFile.syncFolder(of: folder.path)
        return .object([
            "path": .string(folder.path), "epoch": .string(state.epoch), "records": .number(state.records),
            "recovering": .bool(keyBytes != nil), "cut": .strings(cut),
        ])
    }

    /// The key of the receipts that clients hold; `nil` where it is lost.
    private func keyBytes() throws(OperatorError) -> [UInt8]? {
        switch key {
        case .file(let path): return try ReceiptKeyFile.read(path)
        case .inCopy:
            guard access(copy.receiptKey, F_OK) == 0 else {
                throw OperatorError(.noInput, Self.noKey, ["path": copy.path])
            }
            return try ReceiptKeyFile.read(copy.receiptKey)
        case .lost: return nil
        }
    }

    /// Opens the journal, which makes its index anew and checks the whole log on the way, and begins the epoch. Answers what was
    /// cut off the log's end as half written, too.
    private func beginEpoch(_ draft: DataFolder) async throws(OperatorError) -> (RecoveryState, cut: [String]) {
        do throws(JournalError) {
            let epoch = SystemRandom.bytes(8).hexadecimal
            let storage = try await backEnd.open(draft.journal, epoch)
            let (before, begun) = try await EpochBeginning.move(storage.journal, to: clock())
            let size = try await storage.inspection?.verify()
            try await storage.journal.close()
            let state = RecoveryState(epoch: epoch, begun: begun, before: before, records: size?.records ?? 0)
            return (state, storage.notices.filter { $0.code != .indexRebuilt }.map(\.sentence))
        } catch {
            throw OperatorError(error)
        }
    }

    // MARK: Copying

    private func copyFolder(_ source: String, to target: String) throws(OperatorError) {
        guard mkdir(target, 0o700) == 0 else { throw .system(errno, OperatorError.cannotWrite, target) }
        for name in try FolderFile.say({ () throws(FileError) in try DurableFile.names(in: source).sorted() })
        where !Self.passedOver.contains(name) && !name.hasPrefix("index.sqlite") {
            var status = stat()
            let (path, new) = (source + "/" + name, target + "/" + name)
            guard lstat(path, &status) == 0 else { throw .system(errno, OperatorError.cannotRead, path) }
            let mode = status.st_mode
            switch mode & S_IFMT {
            case S_IFDIR: try copyFolder(path, to: new)
            case S_IFREG:
                try FolderFile.say { () throws(FileError) in try Self.copyFile(path, to: new, mode: mode & 0o777) }
            default: continue
            }
        }
        try FolderFile.syncFolder(target)
    }

    private static func copyFile(_ source: String, to target: String, mode: mode_t) throws(FileError) {
        let from = try OpenFile(reading: source)
        let to = try OpenFile(writing: target, mode: mode)
        var offset = 0
        while true {
            let piece = try from.read(at: offset, count: 1 << 20)
            guard !piece.isEmpty else { break }
            try to.write(piece[...], at: offset)
            offset += piece.count
        }
        try to.sync()
    }

    private static let isServed = Phrase(
        dutch:
            "Op {path} draait een server; er is niets gedaan. Zet terug uit een reservekopie, niet uit een map in gebruik.",
        english: "A server runs on {path}; nothing was done. Restore from a backup, not from a folder in use.")
    private static let notEmpty = Phrase(
        dutch:
            "{path} is niet leeg; er is niets gewijzigd. Verplaats eerst wat daar staat: het kan nog van pas komen.",
        english: "{path} is not empty; nothing was changed. First move away what is there: it may still be of use.")
    private static let leftOver = Phrase(
        dutch: "{path} is overgebleven van een onderbroken terugzetten. Verwijder die map en voer het opnieuw uit.",
        english: "{path} is left over from a restore that was interrupted. Remove that folder and run it again.")
    private static let noKey = Phrase(
        dutch:
            "In {path} ontbreekt de sleutel voor ontvangstbewijzen; er is niets gedaan. Geef de apart bewaarde sleutel met "
            + "--receipt-key BESTAND. Is hij verloren, dan kan de server niets terugnemen: --without-receipts",
        english:
            "{path} lacks the key for receipts; nothing was done. Give the one that was kept apart by --receipt-key "
            + "FILE. If it is lost, the server can take nothing back: --without-receipts")
}
