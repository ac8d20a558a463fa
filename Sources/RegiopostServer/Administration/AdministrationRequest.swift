import RegiopostJSON
import RegiopostModel

/// What an operator can ask of a data folder, whether a server runs on it or not.
public enum AdministrationRequest: Equatable, Sendable {
    /// Make an invitation for an address, as the operator wrote it.
    case invite(String)
    /// Revoke the certificates of an address, or one by its serial number.
    case revoke(String)
    /// Say how the server is.
    case status
    /// List the certificates that were given.
    case certificates
    /// Make a new certificate for the server's key, for these names and IP addresses; none means those of the old one.
    case renewServer([String])
    /// Check everything stored.
    case verify
    /// Bring the directory to what the files say.
    case loadDirectory
    /// Show the directory.
    case showDirectory
    /// Say what came back to a restored server, and what is missing.
    case recoveryStatus
    /// Take in what came back, and go on with what is new.
    case recoveryEnd
    /// Set, end or show mandates, organisations or regions.
    case order(DirectoryOrder)

    var json: JSONValue {
        switch self {
        case .invite(let address): .object(["do": .string("invite"), "what": .string(address)])
        case .revoke(let what): .object(["do": .string("revoke"), "what": .string(what)])
        case .status: .object(["do": .string("status")])
        case .certificates: .object(["do": .string("certificates")])
        case .renewServer(let names): .object(["do": .string("renew-server"), "names": .strings(names)])
        case .verify: .object(["do": .string("verify")])
        case .loadDirectory: .object(["do": .string("load-directory")])
        case .showDirectory: .object(["do": .string("show-directory")])
        case .recoveryStatus: .object(["do": .string("recovery-status")])
        case .recoveryEnd: .object(["do": .string("recovery-end")])
        case .order(let order): order.json
        }
    }

    init?(json: JSONValue) {
        let what = json["what"]?.string
        switch (json["do"]?.string, what) {
        case ("invite", let what?): self = .invite(what)
        case ("revoke", let what?): self = .revoke(what)
        case ("status", nil): self = .status
        case ("certificates", nil): self = .certificates
        case ("verify", nil): self = .verify
        case ("load-directory", nil): self = .loadDirectory
        case ("show-directory", nil): self = .showDirectory
        case ("recovery-status", nil): self = .recoveryStatus
        case ("recovery-end", nil): self = .recoveryEnd
        case ("renew-server", nil):
            guard let names = json["names"]?.array else { return nil }
            self = .renewServer(names.compactMap(\.string))
        default:
            guard let order = DirectoryOrder(json: json) else { return nil }
            self = .order(order)
        }
    }
}
