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

    /// Which of the keys in the folder is in use.
    let keyName: String

    /// The paths in a profile's folder.
    struct Paths {
        let folder: String
        var profile: String { folder + "/profile.json" }
        var store: String { folder + "/store.sqlite" }
    }

    /// A key and what goes with it. Each enrolment has its own, and `profile.json` says which one is in use: so a new
    /// certificate takes the place of an old one in one step.
    struct KeyPaths {
        let key: String
        let certificate: String
        let authority: String
        var all: [String] { [key, certificate, authority] }

        init(folder: String, name: String) {
            let end = (name.isEmpty ? "" : "-" + name) + ".pem"
            key = folder + "/key" + end
            certificate = folder + "/certificate" + end
            authority = folder + "/authority" + end
        }
    }

    var keyPaths: KeyPaths { KeyPaths(folder: folder, name: keyName) }

    /// Where replica and outbox are.
    public var storePath: String { Paths(folder: folder).store }
    /// Where the files are that letters and answers cite.
    public var files: FileFolder { FileFolder(folder: folder + "/files") }

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
        // Profiles of the first version had one key, without a name.
        keyName = value["keys"]?.string ?? ""
        guard keyName.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { throw broken }
    }

    init(folder: String, address: Address, endpoint: TLSServerConnection.Endpoint, keyName: String) {
        self.folder = folder
        self.address = address
        self.keyName = keyName
        self.endpoint = endpoint
    }

    /// Writes the file whose presence says that the profile is whole.
    func write() throws(ClientError) {
        let value = JSONValue.object([
            "v": .number(1), "address": .string(address.text), "host": .string(endpoint.host),
            "port": .number(endpoint.port), "keys": .string(keyName),
        ])
        try Self.write(value.encoded() + [0x0A], to: Paths(folder: folder).profile, mode: 0o600)
    }

    /// What it shows to the server, and whom it trusts.
    public func sessionContext() throws(ClientError) -> TLSContext {
        let paths = keyPaths
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
    public func connect(
        trace: TLSServerConnection.Trace? = nil
    ) async throws(ClientError) -> TLSServerConnection {
        try await TLSServerConnection.open(to: endpoint, context: try sessionContext(), trace: trace)
    }

    /// Connects to the server for somebody who speaks the protocol by hand.
    public func converse(
        received: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(ClientError) -> RawConversation {
        try await RawConversation.open(to: endpoint, context: try sessionContext(), received: received)
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
