import RegiopostModel

/// The server's first line on `regiopost/1`: who speaks to whom, from which history, and within which limits.
public struct Greeting: Equatable, Sendable {
    /// The organisation that runs the server.
    public let server: OrganisationCode
    /// The address that the client's certificate names.
    public let address: Address
    /// The history that cursors belong to.
    public let epoch: UInt64
    /// The server's time when it greeted.
    public let time: Timestamp
    /// The longest JSON text in a line, in bytes.
    public let line: Int
    /// How many requests may be under way.
    public let requests: Int
    /// How many changes one PULL returns at most.
    public let page: Int
    /// Seconds without a line from the client after which the server ends the connection.
    public let idle: Int
    /// What the server takes of blobs; `nil` for a server that has none.
    public let blobs: BlobLimits?
    /// What the server can do, by name; unknown ones are ignored.
    public let capabilities: [String]

    /// The only version there is.
    public static let version = "1"
    /// The capabilities of a server that can do everything specified here.
    public static let allCapabilities = ["PUSH", "PULL", "WATCH", "BLOB"]
    /// The capability that a server has only while it takes back what it lost.
    public static let takesBack = "RETURN"

    /// Whether the server was restored from a backup and takes back what it lost.
    public var isRecovering: Bool { capabilities.contains(Self.takesBack) }

    /// Makes the greeting of a server with those limits.
    public init(
        server: OrganisationCode, address: Address, epoch: UInt64, time: Timestamp, limits: Limits,
        capabilities: [String] = allCapabilities
    ) {
        self.server = server
        self.address = address
        self.epoch = epoch
        self.time = time
        line = limits.line
        requests = limits.requests
        page = limits.page
        idle = limits.idle
        blobs = capabilities.contains("BLOB") ? BlobLimits(blob: limits.blob, chunk: limits.chunk) : nil
        self.capabilities = capabilities
    }

    init(_ attributes: Attributes) throws(MessageError) {
        server = try attributes.required("server", OrganisationCode.init)
        address = try attributes.required("address", Address.init)
        epoch = try attributes.required("epoch", Attributes.epoch)
        time = try attributes.required("time", Timestamp.init)
        line = try attributes.required("line", Attributes.lineLimit)
        requests = try attributes.required("requests", Attributes.count)
        page = try attributes.required("page", Attributes.count)
        idle = try attributes.required("idle", Attributes.count)
        capabilities = try attributes.required("cap") { $0.split(separator: ",").map(String.init) }
        blobs = capabilities.contains("BLOB") ? try BlobLimits(attributes) : nil
    }

    /// Appends the greeting as one line.
    public func write(to bytes: inout [UInt8]) {
        bytes.put("* REGIOPOST " + Self.version)
        bytes.put("server", server.text)
        bytes.put("address", address.text)
        let hex = String(epoch, radix: 16)
        bytes.put("epoch", String(repeating: "0", count: 16 - hex.utf8.count) + hex)
        bytes.put("time", time)
        bytes.put("line", line)
        bytes.put("requests", requests)
        bytes.put("page", page)
        bytes.put("idle", idle)
        if let blobs {
            bytes.put("blob", blobs.blob)
            bytes.put("chunk", blobs.chunk)
        }
        bytes.put("cap", capabilities.joined(separator: ","))
        bytes.putLineEnd()
    }
}

/// The server's first line on `regiopost-enrol/1`.
public struct EnrolGreeting: Equatable, Sendable {
    /// The organisation that runs the server.
    public let server: OrganisationCode
    /// The server's time when it greeted.
    public let time: Timestamp
    /// The longest line, in bytes.
    public let line: Int

    /// Makes a greeting.
    public init(server: OrganisationCode, time: Timestamp, limits: Limits = .enrolment) {
        self.server = server
        self.time = time
        line = limits.line
    }

    init(_ attributes: Attributes) throws(MessageError) {
        server = try attributes.required("server", OrganisationCode.init)
        time = try attributes.required("time", Timestamp.init)
        line = try attributes.required("line", Attributes.lineLimit)
    }

    /// Appends the greeting as one line.
    public func write(to bytes: inout [UInt8]) {
        bytes.put("* REGIOPOST-ENROL " + Greeting.version)
        bytes.put("server", server.text)
        bytes.put("time", time)
        bytes.put("line", line)
        bytes.putLineEnd()
    }
}

extension Attributes {
    /// Reads a number from 1 on.
    static func count(_ text: String) -> Int? { number(text).flatMap { $0 > 0 ? $0 : nil } }

    /// Reads a limit for lines, which no server may set above the standard one.
    static func lineLimit(_ text: String) -> Int? { count(text).flatMap { $0 <= Limits.standard.line ? $0 : nil } }
}
