import NIOCore
import NIOEmbedded
import RegiopostJournal
import RegiopostModel
import RegiopostWire
import Testing

@testable import RegiopostServer

@Suite("What a connection leaves behind") struct HandlerLifeTests {
    /// Has a connection come, say something and go.
    private func talk(_ handler: some ChannelHandler, _ lines: String) throws -> String {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(ByteBuffer(string: lines))
        channel.pipeline.fireChannelReadComplete()
        var said = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { said += String(buffer: bytes) }
        _ = try channel.finish(acceptAlreadyClosed: true)
        return said
    }

    @Test("nothing of a connection stays once it is gone") func gone() async throws {
        let test = try await TestFolder().make()
        let open = try await OpenFolder.open(
            test.folder, lock: try #require(try FolderLock.take(test.folder)), backEnd: TestFolder.log,
            clock: SystemClock.now,
            report: { _ in }, failed: { _ in })
        let connections = Connections(limits: .standard)
        let certificate = IssuedCertificate(
            serial: "0a", address: try #require(Address("gm0503/griffie")),
            issuedAt: Timestamp(milliseconds: 0), expires: Timestamp(milliseconds: 1))
        weak var session: SessionHandler?
        weak var enrolment: EnrolHandler?
        do {
            let handler = SessionHandler(service: open.service, connections: connections, certificate: certificate)
            session = handler
            #expect(try talk(handler, "1 PING\n").contains("1 OK PING"))
            let enrol = EnrolHandler(service: open.service, connections: connections)
            enrolment = enrol
            #expect(try talk(enrol, "1 PING\n").contains("1 OK PING"))
        }
        #expect(session == nil && enrolment == nil)
        #expect(connections.count == 0)
        try await open.close()
    }
}
