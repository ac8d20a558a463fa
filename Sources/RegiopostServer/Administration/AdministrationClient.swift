import Dispatch
import Glibc
import RegiopostJSON
import RegiopostModel

/// Asks a running server, over the socket in its data folder.
enum AdministrationClient {
    /// A reply may be as long as 256 MiB.
    static let maximumReply = 256 << 20

    /// Longer silence ends the wait, in seconds: a verification of a large journal takes its time.
    static func deadline(_ request: AdministrationRequest) -> Int {
        request == .verify || request == .recoveryEnd ? 3_600 : 60
    }

    /// The server's reply; `nil` where no server listens.
    static func ask(
        _ request: AdministrationRequest, _ folder: DataFolder
    ) async throws(OperatorError) -> AdministrationReply? {
        let result: Result<AdministrationReply?, OperatorError> = await withCheckedContinuation { continuation in
            // Blocks, so it has a thread that may.
            DispatchQueue.global().async {
                do throws(OperatorError) {
                    continuation.resume(returning: .success(try exchange(request, folder)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private static func exchange(
        _ request: AdministrationRequest, _ folder: DataFolder
    ) throws(OperatorError) -> AdministrationReply? {
        guard let descriptor = try connect(folder, deadline(request)) else { return nil }
        defer { close(descriptor) }
        try send(request.json.encoded() + [UInt8(ascii: "\n")], descriptor, folder)
        let bytes = try receive(descriptor, folder)
        guard let reply = AdministrationReply(lines: bytes) else {
            throw OperatorError(.unavailable, cutOff, ["path": folder.socket])
        }
        return reply
    }

    private static func connect(_ folder: DataFolder, _ deadline: Int) throws(OperatorError) -> Int32? {
        let path = try SocketPath(folder)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(errno, OperatorError.cannotRead, folder.socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.path.utf8) }
        var patience = timeval(tv_sec: deadline, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard answer == 0 else {
            let number = errno
            close(descriptor)
            // Nobody listens: there never was a server, or it was killed.
            if number == ENOENT || number == ECONNREFUSED { return nil }
            throw .system(number, OperatorError.cannotRead, folder.socket)
        }
        return descriptor
    }

    private static func send(_ bytes: [UInt8], _ descriptor: Int32, _ folder: DataFolder) throws(OperatorError) {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count == bytes.count else { throw OperatorError(.unavailable, cutOff, ["path": folder.socket]) }
    }

    private static func receive(_ descriptor: Int32, _ folder: DataFolder) throws(OperatorError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= maximumReply {
            let count = piece.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { break }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
        throw OperatorError(.unavailable, cutOff, ["path": folder.socket])
    }

    private static let cutOff = Phrase(
        dutch:
            "De server op {path} gaf geen volledig antwoord. Kijk met regiopostd status of de opdracht is uitgevoerd.",
        english: "The server at {path} gave no complete answer. See by regiopostd status whether it was done.")
}
