import Glibc
import RegiopostCrypto
import RegiopostFiles
import RegiopostJSON
import RegiopostModel
import RegiopostTLS

/// One address's place on this machine: key, certificate, the server it is pinned to, replica and outbox. The key was made
/// here and never leaves.
public struct Profile: Sendable {
    /// The folder it is in.
    public let folder: String
    /// Whose it is.
    public let address: Address
    /// Where its server listens.
    public let endpoint: TLSServerConnection.Endpoint

    /// The paths in a profile's folder.
    struct Paths {
        let folder: String
        var key: String { folder + "/key.pem" }
        var certificate: String { folder + "/certificate.pem" }
        var authority: String { folder + "/authority.pem" }
        var profile: String { folder + "/profile.json" }
        var store: String { folder + "/store.sqlite" }
    }

    /// Where replica and outbox are.
    public var storePath: String { Paths(folder: folder).store }

    /// Opens the profile in a folder.
    ///
    /// - Throws: `no-profile` where there is none, `store-corrupt` or `store-failed` where it can't be read.
    public init(folder: String) throws(ClientError) {
        let paths = Paths(folder: folder)
        guard access(paths.profile, F_OK) == 0 else { throw ClientError(.noProfile, ["path": folder]) }
        let broken = ClientError(.storeCorrupt, ["path": paths.profile, "reason": "profile.json"])
        let bytes = try Self.read(paths.profile)
        guard let value = try? JSONReader.read(bytes), value["v"]?.integer == 1,
            let address = value["address"]?.string.flatMap(Address.init(_:)), let host = value["host"]?.string,
            let port = value["port"]?.integer
        else { throw broken }
        self.folder = folder
        self.address = address
        endpoint = TLSServerConnection.Endpoint(host: host, port: port)
    }

    init(folder: String, address: Address, endpoint: TLSServerConnection.Endpoint) {
        self.folder = folder
        self.address = address
        self.endpoint = endpoint
    }

    /// Writes the file whose presence says that the profile is whole.
    func write() throws(ClientError) {
        let value = JSONValue.object([
            "v": .number(1), "address": .string(address.text), "host": .string(endpoint.host),
            "port": .number(endpoint.port),
        ])
        try Self.write(value.encoded() + [0x0A], to: Paths(folder: folder).profile, mode: 0o600)
    }

    /// What it shows to the server, and whom it trusts.
    public func sessionContext() throws(ClientError) -> TLSContext {
        let paths = Paths(folder: folder)
        let key = try Self.read(paths.key)
        let certificate = try Self.read(paths.certificate)
        let authority = try Self.read(paths.authority)
        do {
            return try TLSContext.session(
                certificate: try Certificate(pem: certificate), key: try PrivateKey(pem: key),
                authority: try Certificate(pem: authority))
        } catch {
            throw ClientError(.storeCorrupt, ["path": folder, "reason": String(describing: error)])
        }
    }

    /// Connects to the server.
    public func connect() async throws(ClientError) -> TLSServerConnection {
        try await TLSServerConnection.open(to: endpoint, context: try sessionContext())
    }

    // MARK: Files

    static func read(_ path: String) throws(ClientError) -> [UInt8] {
        do {
            return try DurableFile.read(path)
        } catch {
            throw ClientError(error)
        }
    }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(ClientError) {
        do {
            try DurableFile.write(bytes, to: path, mode: mode)
        } catch {
            throw ClientError(error)
        }
    }
}

extension ClientError {
    /// What the operating system said about one of the profile's files.
    init(_ error: FileError) {
        self.init(error.number == ENOSPC ? .diskFull : .storeFailed, ["path": error.path, "reason": error.reason])
    }
}
