import Glibc
import Testing

/// Sockets that connect to a server and never come to the end of a handshake: some send nothing, the others a byte from
/// time to time. One task uses it.
final class Strangers {
    private let port: Int
    private var sockets: [Int32] = []
    /// How many bytes each of those that send has sent.
    private var sent: [Int] = []
    /// How many were opened so far, and how many of these the server closed.
    private(set) var opened = 0
    private(set) var closed = 0

    /// The beginning of a record with a ClientHello, which then goes on with zeros: too little for the server to say no.
    private static let hello: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]

    /// Opens so many.
    init(_ count: Int, port: Int) throws {
        self.port = port
        for _ in 0..<count {
            sockets.append(try open())
            sent.append(0)
        }
    }

    deinit { for socket in sockets { close(socket) } }

    /// Opens anew what the server closed, and has every second one send a byte.
    func press() throws {
        for index in sockets.indices {
            if isClosed(sockets[index]) {
                close(sockets[index])
                closed += 1
                sockets[index] = try open()
                sent[index] = 0
            }
            guard index.isMultiple(of: 2) else { continue }
            var byte = sent[index] < Self.hello.count ? Self.hello[sent[index]] : 0
            if send(sockets[index], &byte, 1, Int32(MSG_NOSIGNAL)) == 1 { sent[index] += 1 }
        }
    }

    /// Which of them the server has closed, by the order in which they were opened.
    var closedNow: [Int] { sockets.indices.filter { isClosed(sockets[$0]) } }

    private func isClosed(_ socket: Int32) -> Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_DONTWAIT))
        return count == 0 || count < 0 && errno != EAGAIN
    }

    private func open() throws -> Int32 {
        let socket = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(socket >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        try #require(result == 0 || errno == EINPROGRESS)
        opened += 1
        return socket
    }
}
