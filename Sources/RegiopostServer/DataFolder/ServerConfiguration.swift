import RegiopostJSON
import RegiopostModel
import RegiopostWire

/// What `regiopostd.json` says. Operators edit it; the server reads it when it starts.
public struct ServerConfiguration: Equatable, Sendable {
    /// The address or host name to listen on: `0.0.0.0` for all of IPv4, `::` for everything.
    public var listen: String
    /// The port to listen on, 0 for any that is free.
    public var port: Int
    /// The host name or IP address that invitations tell clients to connect to.
    public var name: String
    /// The province that the server belongs to.
    public var province: OrganisationCode

    /// The largest file that a change may cite, in bytes.
    public var largestFile = Limits.standard.blob
    /// How many bytes of files one address may have uploaded that no change cites yet.
    public var uploadsPerAddress = 1_073_741_824

    /// The port unless an operator chooses another.
    public static let standardPort = 7443

    /// Makes a configuration.
    public init(listen: String, port: Int, name: String, province: OrganisationCode) {
        self.listen = listen
        self.port = port
        self.name = name
        self.province = province
    }

    /// The server's own address.
    var address: Address {
        guard let address = Address(organisation: province, role: .regiopostd) else {
            preconditionFailure("only provinces are read, and they have the role")
        }
        return address
    }

    /// Reads the file's bytes. Members that aren't known are refused, because they would be typing mistakes.
    init(json bytes: [UInt8], path: String) throws(OperatorError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            throw OperatorError(
                .configuration, Self.noJSON, ["path": path, "line": String(line), "reason": error.reason.rawValue])
        }
        let known = ["listen", "port", "name", "province", "largestFile", "uploadsPerAddress"]
        if let stranger = value.members?.first(where: { !known.contains($0.name) }) {
            throw OperatorError(.configuration, Self.unknown, ["path": path, "name": stranger.name])
        }
        guard let listen = value["listen"]?.string, !listen.isEmpty else { throw Self.wrong("listen", path) }
        guard let port = value["port"]?.integer, (0...65_535).contains(port) else { throw Self.wrong("port", path) }
        guard let name = value["name"]?.string, HostName.isValid(name) else { throw Self.wrong("name", path) }
        guard let province = value["province"]?.string.flatMap(OrganisationCode.init(_:)),
            province.kind == .province
        else { throw Self.wrong("province", path) }
        self.init(listen: listen, port: port, name: name, province: province)
        largestFile = try Self.bytes("largestFile", largestFile, value, path)
        uploadsPerAddress = try Self.bytes("uploadsPerAddress", uploadsPerAddress, value, path)
    }

    /// A number of bytes, as it is unless the file says otherwise.
    private static func bytes(
        _ name: String, _ standard: Int, _ value: JSONValue, _ path: String
    ) throws(OperatorError) -> Int {
        guard let member = value[name] else { return standard }
        guard let bytes = member.integer, (1...FileReference.maximumSize).contains(bytes) else {
            throw wrong(name, path)
        }
        return bytes
    }

    /// The file's bytes, one member a line.
    var json: [UInt8] {
        let members: [(String, JSONValue)] = [
            ("listen", .string(listen)), ("port", .number(port)), ("name", .string(name)),
            ("province", .string(province.text)), ("largestFile", .number(largestFile)),
            ("uploadsPerAddress", .number(uploadsPerAddress)),
        ]
        let lines = members.map { name, value in "  " + JSONValue.string(name).text + ": " + value.text }
        return Array(("{\n" + lines.joined(separator: ",\n") + "\n}\n").utf8)
    }

    private static func wrong(_ name: String, _ path: String) -> OperatorError {
        OperatorError(.configuration, invalid, ["path": path, "name": name])
    }

    private static let noJSON = Phrase(
        dutch: "{path}, regel {line}: dit is geen JSON ({reason}). De server start pas als het hersteld is.",
        english: "{path}, line {line}: this is not JSON ({reason}). The server starts once it is mended.")
    private static let unknown = Phrase(
        dutch: "{path}: \"{name}\" is geen bekende instelling. Verbeter of verwijder die.",
        english: "{path}: \"{name}\" is no known setting. Correct or remove it.")
    private static let invalid = Phrase(
        dutch: "{path}: de instelling \"{name}\" ontbreekt of heeft geen geldige waarde. Verbeter die.",
        english: "{path}: the setting \"{name}\" is missing or has no valid value. Correct it.")
}
