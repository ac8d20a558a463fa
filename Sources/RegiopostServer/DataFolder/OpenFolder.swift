import Glibc
import RegiopostCrypto
import RegiopostFiles
import RegiopostJournal
import RegiopostModel
import RegiopostTLS
import RegiopostWire

/// A data folder that this process holds, with everything in it opened.
final class OpenFolder: Sendable {
    let folder: DataFolder
    let configuration: ServerConfiguration
    let service: Service
    let storage: Storage
    let authority: CertificateAuthority
    let certificate: Certificate
    let serverKey: PrivateKey
    /// For listening.
    let context: TLSContext
    private let lock: FolderLock
    private let thread: SequencingThread

    private init(
        _ folder: DataFolder, _ configuration: ServerConfiguration, _ service: Service, _ storage: Storage,
        _ identity: Identity, _ context: TLSContext, _ lock: FolderLock, _ thread: SequencingThread
    ) {
        self.folder = folder
        self.configuration = configuration
        self.service = service
        self.storage = storage
        authority = identity.authority
        certificate = identity.certificate
        serverKey = identity.key
        self.context = context
        self.lock = lock
        self.thread = thread
        thread.start()
    }

    /// What the server's certificates are.
    private struct Identity {
        let authority: CertificateAuthority
        let certificate: Certificate
        let key: PrivateKey
    }

    /// Opens everything in a folder whose lock was taken.
    static func open(
        _ folder: DataFolder, lock: FolderLock, backEnd: JournalBackEnd,
        clock: @escaping @Sendable () -> Timestamp, report: @escaping @Sendable (ServiceEvent) -> Void,
        failed: @escaping @Sendable (JournalError) -> Void
    ) async throws(OperatorError) -> OpenFolder {
        try folder.checkIsWhole()
        try checkIsNoOldJournal(folder)
        let configuration = try ServerConfiguration(
            json: try FolderFile.read(folder.configuration), path: folder.configuration)
        let identity = try identity(of: folder)
        let context: TLSContext
        do throws(TLSError) {
            context = try .server(
                certificate: identity.certificate, key: identity.key, authority: identity.authority.certificate)
        } catch {
            throw .certificate(CryptoError(.mismatch, error.message), folder.server)
        }
        let blobs = BlobFolder(
            blobs: folder.blobs, uploads: folder.uploads, uploadLimit: configuration.uploadsPerAddress)
        do throws(FileError) { try blobs.prepare() } catch {
            throw .system(error.number, OperatorError.cannotWrite, error.path)
        }
        let receiptKey = try ReceiptKeyFile.readOrMake(folder.receiptKey)
        var limits = Limits.standard
        limits.blob = configuration.largestFile
        do {
            let storage = try await backEnd.open(folder.journal, nil)
            let seal = ReceiptSeal(key: receiptKey, began: try await EpochBeginning.of(storage.journal))
            let recovery = try recovery(in: folder, seal, storage.journal)
            let thread = SequencingThread()
            let service = try Service(
                address: configuration.address, journal: storage.journal, enrolment: storage.enrolment,
                authority: identity.authority, blobs: blobs,
                receipts: seal, recovery: recovery, limits: limits,
                clock: clock, report: report, failed: failed, sequencing: thread)
            return OpenFolder(folder, configuration, service, storage, identity, context, lock, thread)
        } catch let error as JournalError {
            throw OperatorError(error)
        } catch {
            throw error as? OperatorError ?? OperatorError(.software, dutch: "\(error)", english: "\(error)")
        }
    }

    private static func recovery(
        in folder: DataFolder, _ seal: ReceiptSeal, _ journal: any Journal
    ) throws -> RecoveryDesk? {
        let place = RecoveryFolder(folder: folder)
        guard let state = try place.current() else { return nil }
        do throws(FileError) {
            return try RecoveryDesk(
                state, returned: try ReturnedFileOnDisk(path: place.returned), seal: seal, journal: journal,
                isEnding: place.isEnding)
        } catch {
            throw OperatorError.system(error.number, OperatorError.cannotWrite, error.path)
        }
    }

    /// Lets what is under way be written, then gives everything back, the lock last.
    func close() async throws(OperatorError) {
        defer { lock.release() }
        await service.sequencer.finish()
        await thread.stop()
        do throws(JournalError) {
            try await storage.journal.close()
        } catch {
            throw OperatorError(error)
        }
    }

    private static func identity(of folder: DataFolder) throws(OperatorError) -> Identity {
        for key in [folder.authorityKey, folder.serverKey] { try checkIsPrivate(key) }
        let authority = try read(folder.authority) { (pem) throws(CryptoError) in
            try CertificateAuthority(certificatePEM: pem.bytes, keyPEM: pem.key)
        }
        let certificate = try read(folder.server) { (pem) throws(CryptoError) in try Certificate(pem: pem.bytes) }
        let key = try read(folder.serverKey) { (pem) throws(CryptoError) in try PrivateKey(pem: pem.bytes) }
        return Identity(authority: authority, certificate: certificate, key: key)

        func read<Value>(
            _ path: String, _ make: ((bytes: [UInt8], key: [UInt8])) throws(CryptoError) -> Value
        ) throws(OperatorError) -> Value {
            let bytes = try FolderFile.read(path)
            let key = path == folder.authority ? try FolderFile.read(folder.authorityKey) : []
            do throws(CryptoError) { return try make((bytes, key)) } catch { throw .certificate(error, path) }
        }
    }

    /// Before the first release, everything of a journal lay in one file. Such a folder is refused and left alone.
    private static func checkIsNoOldJournal(_ folder: DataFolder) throws(OperatorError) {
        let old = folder.journal + ".sqlite"
        guard access(folder.journal, F_OK) != 0, access(old, F_OK) == 0 else { return }
        throw OperatorError(.configuration, isOld, ["path": old])
    }

    private static let isOld = Phrase(
        dutch: "{path} is een journaal van voor de eerste uitgave, dat deze Regiopost niet meer leest. Er is niets "
            + "gewijzigd. Maak een nieuwe gegevensmap met regiopostd init, of gebruik de versie waarmee deze is gemaakt.",
        english:
            "{path} is a journal from before the first release, which this Regiopost no longer reads. Nothing was "
            + "changed. Make a new data folder by regiopostd init, or use the version that made this one.")

    static func checkIsPrivate(_ path: String) throws(OperatorError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .system(errno, OperatorError.cannotRead, path) }
        guard status.st_mode & 0o077 == 0 else { throw OperatorError(.configuration, isOpen, ["path": path]) }
    }

    private static let isOpen = Phrase(
        dutch: "{path} is ook voor anderen leesbaar. Dat mag niet: chmod 600 {path}",
        english: "{path} can be read by others too. It must not be: chmod 600 {path}")
}
