import Glibc
import RegiopostCrypto
import RegiopostJournal
import RegiopostModel

/// Makes a data folder. Whenever that is interrupted, what is there is recognised as unfinished: `serve` refuses it, and
/// making it again begins anew.
public struct FolderCreation: Sendable {
    /// What the operator decides.
    public struct Choices: Sendable {
        /// The province that the server belongs to.
        public var province: OrganisationCode
        /// The host names and IP addresses that clients may use; none means this machine alone.
        public var hosts: [String]
        /// The port to listen on, 1 to 65535.
        public var port: Int

        /// Makes choices.
        public init(province: OrganisationCode, hosts: [String], port: Int) {
            self.province = province
            self.hosts = hosts
            self.port = port
        }
    }

    private let folder: DataFolder
    private let choices: Choices
    private let backEnd: JournalBackEnd
    private let clock: @Sendable () -> Timestamp

    /// How long a server's certificate lasts, in days.
    static let serverDays = 825

    /// Prepares to make a folder.
    public init(
        _ folder: DataFolder, _ choices: Choices, backEnd: JournalBackEnd,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.folder = folder
        self.choices = choices
        self.backEnd = backEnd
        self.clock = clock
    }

    /// Makes the folder with everything in it and answers how many entries its directory has. Refuses one with something in
    /// it. Blocks for as long as a few files take.
    public func run() async throws(OperatorError) -> Int {
        for host in choices.hosts where !HostName.isValid(host) {
            throw OperatorError(.usage, Self.badHost, ["host": host])
        }
        let organisations = try DirectorySeed.organisations(of: choices.province)
        let files = try DirectoryFiles(
            organisations: organisations, regions: DirectorySeed.regions(of: choices.province),
            abolished: DirectorySeed.abolished(of: choices.province), province: choices.province)
        let lock = try claim()
        defer { withExtendedLifetime(lock) {} }
        let authority = try certificates()
        try writeDirectory(organisations)
        _ = try ReceiptKeyFile.make(folder.receiptKey)
        let count = try await journal(authority, files)
        try FolderFile.write(configuration.json, to: folder.configuration, mode: 0o600)
        // From here on the folder is whole.
        guard unlink(folder.unfinished) == 0 else {
            throw .system(errno, OperatorError.cannotWrite, folder.unfinished)
        }
        try FolderFile.syncFolder(folder.path)
        return count
    }

    var configuration: ServerConfiguration {
        let listen =
            choices.hosts.isEmpty ? "127.0.0.1" : choices.hosts.contains { $0.contains(":") } ? "::" : "0.0.0.0"
        return ServerConfiguration(
            listen: listen, port: choices.port, name: choices.hosts.first ?? "localhost",
            province: choices.province)
    }

    /// Makes the folder ours: empty but for the lock and the note that it is unfinished.
    private func claim() throws(OperatorError) -> FolderLock {
        if mkdir(folder.path, 0o700) != 0, errno != EEXIST {
            throw OperatorError(.cannotCreate, Self.cannotMake, reason())
        }
        try checkIsFree()
        guard chmod(folder.path, 0o700) == 0 else {
            throw OperatorError(.cannotCreate, Self.cannotMake, reason())
        }
        guard let lock = try FolderLock.take(folder) else {
            throw OperatorError(.temporary, Self.beingMade, ["path": folder.path])
        }
        // Another process may have come to its end in between.
        try checkIsFree()
        try FolderFile.write([], to: folder.unfinished, mode: 0o600)
        try FolderFile.syncFolder(of: folder.path)
        // Only what an interrupted run of this code may have left.
        let leftovers = [
            folder.configuration, folder.authorityKey, folder.authority, folder.serverKey, folder.server,
            folder.receiptKey,
            folder.organisations, folder.regions, folder.abolished,
        ]
        for path in leftovers { for suffix in ["", ".new"] { unlink(path + suffix) } }
        do throws(JournalError) { try backEnd.discard(folder.journal) } catch { throw OperatorError(error) }
        return lock
    }

    private func checkIsFree() throws(OperatorError) {
        let names = try folder.entries() ?? []
        guard names.isSubset(of: ["lock", "unfinished.new"]) || names.contains("unfinished") else {
            throw OperatorError(.cannotCreate, Self.notEmpty, ["path": folder.path])
        }
    }

    private func reason() -> [String: String] {
        ["path": folder.path, "reason": String(cString: strerror(errno))]
    }

    private func certificates() throws(OperatorError) -> CertificateAuthority {
        do {
            let now = clock().milliseconds / 1_000 - EnrolmentDesk.leeway
            let authority = try CertificateAuthority.create(
                name: "Regiopost \(choices.province)", notBefore: now)
            let key = try PrivateKey.generate()
            let names = choices.hosts.isEmpty ? ["localhost", "127.0.0.1"] : choices.hosts
            let certificate = try authority.issueServer(
                key: key, dnsNames: names.filter { !HostName.isAddress($0) },
                ipAddresses: names.filter(HostName.isAddress), notBefore: now, days: Self.serverDays)
            try FolderFile.write(try authority.key.pem(), to: folder.authorityKey, mode: 0o600)
            try FolderFile.write(try authority.certificate.pem(), to: folder.authority, mode: 0o644)
            try FolderFile.write(try key.pem(), to: folder.serverKey, mode: 0o600)
            try FolderFile.write(try certificate.pem(), to: folder.server, mode: 0o644)
            return authority
        } catch let error as OperatorError {
            throw error
        } catch {
            throw OperatorError(.software, Self.noCertificates, ["reason": String(describing: error)])
        }
    }

    private func writeDirectory(_ organisations: [UInt8]) throws(OperatorError) {
        if mkdir(folder.directory, 0o700) != 0, errno != EEXIST {
            throw .system(errno, OperatorError.cannotWrite, folder.directory)
        }
        try FolderFile.write(organisations, to: folder.organisations, mode: 0o600)
        try FolderFile.write(DirectorySeed.regions(of: choices.province), to: folder.regions, mode: 0o600)
        try FolderFile.write(DirectorySeed.abolished(of: choices.province), to: folder.abolished, mode: 0o600)
    }

    private func journal(
        _ authority: CertificateAuthority, _ files: DirectoryFiles
    ) async throws(OperatorError) -> Int {
        do throws(JournalError) {
            let epoch = SystemRandom.bytes(8).hexadecimal
            let storage = try await backEnd.create(folder.journal, epoch)
            let sequencer = Sequencer(
                journal: storage.journal, clock: clock, digest: Service.digest, announce: { _ in }, failed: { _ in }
            )
            let loader = DirectoryLoader(
                writer: DirectoryWriter(
                    journal: storage.journal, sequencer: sequencer, server: configuration.address, clock: clock))
            let loaded: Result<[DirectoryUpdate], OperatorError>
            do throws(OperatorError) {
                loaded = .success(try await loader.load(files))
            } catch {
                loaded = .failure(error)
            }
            await sequencer.finish()
            try await storage.journal.close()
            return try Self.count(loaded)
        } catch {
            throw OperatorError(error)
        }
    }

    private static func count(_ loaded: Result<[DirectoryUpdate], OperatorError>) throws(JournalError) -> Int {
        switch loaded {
        case .success(let updates): return updates.count
        case .failure(let error): throw JournalError(.unexpected, error.description)
        }
    }

    private static let badHost = Phrase(
        dutch: "\"{host}\" is geen hostnaam en geen IP-adres. Er is niets aangemaakt.",
        english: "\"{host}\" is no host name and no IP address. Nothing was made.")
    private static let cannotMake = Phrase(
        dutch: "De gegevensmap {path} kan niet worden aangemaakt ({reason}).",
        english: "The data folder {path} can't be made ({reason}).")
    private static let notEmpty = Phrase(
        dutch: "{path} is niet leeg; er is niets gewijzigd. Kies een map die nog niet bestaat of leeg is.",
        english: "{path} is not empty; nothing was changed. Choose a folder that doesn't exist yet or is empty.")
    private static let beingMade = Phrase(
        dutch: "{path} wordt op dit moment door een ander proces aangemaakt.",
        english: "{path} is being made by another process at this moment.")
    private static let noCertificates = Phrase(
        dutch: "De sleutels en certificaten konden niet worden gemaakt: {reason}.",
        english: "The keys and certificates could not be made: {reason}.")
}
