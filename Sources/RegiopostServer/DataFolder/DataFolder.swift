import Glibc
import RegiopostModel

/// Where everything of one server is kept. Only names: nothing is opened here.
public struct DataFolder: Hashable, Sendable {
    /// The folder, without a slash at its end.
    public let path: String

    /// Where the package keeps it.
    public static let standard = DataFolder(path: "/var/lib/regiopost")

    /// Names a folder.
    public init(path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    var configuration: String { path + "/regiopostd.json" }
    var journal: String { path + "/journal" }
    var authorityKey: String { path + "/ca-key.pem" }
    var authority: String { path + "/ca.pem" }
    var serverKey: String { path + "/server-key.pem" }
    var server: String { path + "/server.pem" }
    /// What receipts are made and known again with. Folders of an earlier version have none until a server opens them.
    var receiptKey: String { path + "/receipt-key" }
    var directory: String { path + "/directory" }
    var organisations: String { directory + "/organisations.csv" }
    var regions: String { directory + "/regions.csv" }
    /// Folders of an earlier version have none.
    var abolished: String { directory + "/abolished.csv" }
    var blobs: String { path + "/blobs" }
    var uploads: String { path + "/uploads" }
    var lock: String { path + "/lock" }
    var socket: String { path + "/" + Self.socketName }
    /// There until making the folder has come to its end.
    var unfinished: String { path + "/unfinished" }

    static let socketName = "administration.sock"

    /// The names of the entries; `nil` where there is no folder.
    func entries() throws(OperatorError) -> Set<String>? {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return nil }
            throw .system(errno, OperatorError.cannotRead, path)
        }
        defer { closedir(stream) }
        var names: Set<String> = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.insert(name) }
        }
        return names
    }

    /// Throws where this is no folder that `init` has finished.
    func checkIsWhole() throws(OperatorError) {
        guard let names = try entries() else { throw OperatorError(.noInput, Self.missing, ["path": path]) }
        if names.contains("unfinished") { throw OperatorError(.configuration, Self.broken, ["path": path]) }
        guard names.contains("regiopostd.json") else { throw OperatorError(.noInput, Self.missing, ["path": path]) }
    }

    private static let missing = Phrase(
        dutch: "Er is geen gegevensmap van regiopostd in {path}. Maak hem met: regiopostd init --data {path}",
        english: "There is no data folder of regiopostd at {path}. Make it with: regiopostd init --data {path}")
    private static let broken = Phrase(
        dutch: "De gegevensmap {path} is niet af: het aanmaken is onderbroken. Er is nog niets mee gedaan; "
            + "voer opnieuw uit: regiopostd init --data {path}",
        english: "The data folder {path} is not finished: making it was interrupted. Nothing was done with it yet; "
            + "run again: regiopostd init --data {path}")
}
