import COpenSSL
import NIOCore
import NIOEmbedded
import NIOPosix
import RegiopostCrypto
import RegiopostTLS
import Testing

@Suite("TLS over sockets", .timeLimit(.minutes(5))) struct HandlerTests {
    @Test(
        "1,000 requests on each of 50 connections are all answered after the client has closed its side",
        arguments: [(50, 0), (10, 1000)])
    func closingLosesNothing(connections: Int, length: Int) async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(
            try fixture.server(), onInputClosed: Recorder.answerLate(length: length))
        let tls = try fixture.session()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<connections {
                tasks.addTask {
                    let (channel, gone) = try await server.connect(tls)
                    for ten in 0..<100 {
                        let lines = (ten * 10..<ten * 10 + 10).map { "\($0) NOOP\n" }.joined()
                        channel.writeAndFlush(channel.allocator.buffer(string: lines), promise: nil)
                    }
                    try await channel.close(mode: .output)
                    let seen = try await gone.get()
                    #expect(seen.errors.isEmpty)
                    #expect(seen.inputClosings == 1)
                    let lines = seen.lines
                    #expect(lines.count == 1000)
                    #expect(lines.first?.hasPrefix("0 NOOP OK") == true)
                    #expect(lines.last?.hasPrefix("999 NOOP OK") == true)
                }
            }
            try await tasks.waitForAll()
        }
        try await server.channel.close()
    }

    @Test("both sides know each other, and nobody sees an error when closing") func handshake() async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let (session, seenBySession) = try await server.connect(try fixture.session())
        try await session.close(mode: .output)
        let client = try await seenBySession.get()
        let peer = try await server.next()
        #expect(client.handshake?.peerCertificate == fixture.serverCertificate)
        #expect(peer.handshake?.peerCertificate == fixture.clientCertificate)
        #expect(peer.handshake?.applicationProtocol == .session)
        #expect(client.errors.isEmpty && peer.errors.isEmpty)

        let (enrolling, seenEnrolling) = try await server.connect(try fixture.enrolment())
        try await enrolling.close(mode: .output)
        #expect(try await seenEnrolling.get().handshake?.applicationProtocol == .enrolment)
        #expect(try await server.next().handshake == .some(.init(.enrolment)))
        try await server.channel.close()
    }

    @Test("a client that says nothing still ends its handshake") func silentClient() async throws {
        let fixture = try Fixture()
        let (stream, feed) = AsyncStream.makeStream(of: Void.self)
        let server = try await LoopbackServer.start(
            try fixture.server(), deadline: .seconds(20), onHandshake: { feed.yield() })
        var completed = stream.makeAsyncIterator()
        for tls in [try fixture.session(), try fixture.enrolment()] {
            let (channel, _) = try await server.connect(tls)
            // Without it, the time limit ends this test.
            await completed.next()
            try await channel.close(mode: .output)
            #expect(try await server.next().errors.isEmpty)
        }
        try await server.channel.close()
    }

    @Test("closing both ways at once is a close to the peer, no truncation") func closeAll() async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let (channel, gone) = try await server.connect(try fixture.session())
        try await channel.writeAndFlush(channel.allocator.buffer(string: "last words\n"))
        try await channel.close()
        #expect(try await gone.get().errors.isEmpty)
        let peer = try await server.next()
        #expect(peer.lines == ["last words"])
        #expect(peer.errors.isEmpty)
        #expect(peer.inputClosings == 1)
        try await server.channel.close()
    }

    @Test("a connection that is cut is a truncation") func cut() async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let (channel, gone) = try await server.connect(try fixture.session())
        try await channel.writeAndFlush(channel.allocator.buffer(string: "half a li"))
        // Past the TLS handler, so that nothing says goodbye.
        try await channel.pipeline.context(handlerType: TLSHandler.self).flatMap { $0.close(mode: .all) }.get()
        _ = try await gone.get()
        let peer = try await server.next()
        #expect(peer.text == Array("half a li".utf8))
        #expect(peer.errors.map(\.code) == [.truncated])
        #expect(peer.inputClosings == 0)
        try await server.channel.close()
    }

    @Test("a refused client learns why, however much it has sent meanwhile") func refused() async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let foreign = try Fixture().session(trusting: fixture.authority.certificate)
        for _ in 0..<10 {
            let (channel, gone) = try await server.connect(foreign)
            for _ in 0..<200 {
                channel.writeAndFlush(ByteBuffer(repeating: 1, count: 1000), promise: nil)
            }
            let seen = try await gone.get()
            #expect(seen.errors.map(\.alert) == [UInt8(SSL_AD_UNKNOWN_CA)])
            let peer = try await server.next()
            #expect(peer.errors.map(\.code) == [.untrustedCertificate])
            #expect(peer.handshake == nil && peer.text.isEmpty)
        }
        try await server.channel.close()
    }

    @Test("who says nothing is cut off at the deadline") func deadline() async throws {
        let server = try await LoopbackServer.start(try Fixture().server(), deadline: .milliseconds(100))
        let (silent, _) = try await server.connectPlainly()
        #expect(try await server.next().errors.map(\.code) == [.handshakeDeadline])
        try await silent.closeFuture.get()
        try await server.channel.close()
    }

    @Test("the deadline counts from the connection on and ends with the handshake") func deadlineIsOver() throws {
        let fixture = try Fixture()
        for isAnswering in [true, false] {
            let handler = TLSHandler(
                engine: try TLSEngine(server: try fixture.server()), handshakeDeadline: .seconds(10))
            let channel = EmbeddedChannel(handler: handler)
            channel.embeddedEventLoop.advanceTime(by: .seconds(60))
            try channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            if isAnswering {
                let client = End(try TLSEngine(client: try fixture.session(), serverName: "localhost"))
                for _ in 0..<3 {
                    client.advance()
                    try channel.writeInbound(ByteBuffer(bytes: client.output()))
                    while let flight = try channel.readOutbound(as: ByteBuffer.self) {
                        flight.withUnsafeReadableBytes { client.engine.receive($0) }
                    }
                }
                #expect(client.isOpen)
            }
            #expect(channel.isActive)
            channel.embeddedEventLoop.advanceTime(by: .seconds(2))
            #expect(channel.isActive == isAnswering)
            channel.embeddedEventLoop.advanceTime(by: .hours(1))
            #expect(channel.isActive == isAnswering)
            var code: TLSError.Code?
            do { try channel.throwIfErrorCaught() } catch let error as TLSError { code = error.code }
            #expect(code == (isAnswering ? nil : .handshakeDeadline))
            _ = try? channel.finish()
        }
    }

    @Test("who doesn't speak TLS is refused") func plain() async throws {
        let server = try await LoopbackServer.start(try Fixture().server())
        let (channel, _) = try await server.connectPlainly()
        try await channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        #expect(try await server.next().errors.map(\.code) == [.notTLS])
        try await channel.closeFuture.get()
        try await server.channel.close()
    }

    @Test("an alert arrives, and no reset before it, whatever the other side still sends") func alert() async throws
    {
        let server = try await LoopbackServer.start(try Fixture().server())
        let (channel, gone) = try await server.connectPlainly()
        // A record with a handshake message of an unknown kind, and a lot behind it.
        channel.write(ByteBuffer(bytes: [22, 3, 1, 0, 5, 99, 0, 0, 1, 0]), promise: nil)
        channel.writeAndFlush(ByteBuffer(repeating: 1, count: 1_000_000), promise: nil)
        #expect(try await server.next().errors.map(\.code) == [.protocolViolation])
        let seen = try await gone.get()
        #expect(seen.text == [21, 3, 3, 0, 2, 2, 10])
        #expect(seen.otherErrors.isEmpty)
        try await server.channel.close()
    }

    @Test("a peer that vanishes in the handshake is reported before the channel is gone") func vanished()
        async throws
    {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let tls = try fixture.session()
        for _ in 0..<30 {
            let client = End(try TLSEngine(client: tls, serverName: "localhost"))
            client.advance()
            let (channel, _) = try await server.connectPlainly()
            try await channel.writeAndFlush(ByteBuffer(bytes: client.output()))
            // On a busy machine the other side may have seen it go and closed first.
            try? await channel.close()
            let seen = try await server.next()
            #expect(seen.errors.map(\.code) == [.truncated], "\(seen)")
        }
        try await server.channel.close()
    }

    @Test("the handshake and partial records need no reading by the application") func manualReading() async throws
    {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server(), autoRead: false)
        let (channel, gone) = try await server.connect(try fixture.session())
        try await channel.writeAndFlush(channel.allocator.buffer(string: "hello\n"))
        try await channel.close(mode: .output)
        #expect(try await gone.get().errors.isEmpty)
        let peer = try await server.next()
        #expect(peer.handshake?.applicationProtocol == .session)
        #expect(peer.lines == ["hello"])
        try await server.channel.close()
    }

    @Test("a megabyte in one write arrives, and its promise is done") func large() async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let (channel, gone) = try await server.connect(try fixture.session())
        let bytes = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        // An empty write is done when the handshake is; until then not so much may be written.
        try await channel.writeAndFlush(ByteBuffer())
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        try await channel.close(mode: .output)
        _ = try await gone.get()
        #expect(try await server.next().text == bytes)
        try await server.channel.close()
    }

    @Test("what is written before the handshake waits, up to a limit") func bounded() throws {
        let fixture = try Fixture()
        let engine = try TLSEngine(client: try fixture.session(), serverName: "localhost")
        let channel = EmbeddedChannel(handler: TLSHandler(engine: engine, handshakeDeadline: .seconds(10)))
        try channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let piece = channel.allocator.buffer(repeating: 1, count: TLSHandler.maximumBytesBeforeHandshake)
        let first = channel.writeAndFlush(piece)
        let second = channel.writeAndFlush(channel.allocator.buffer(repeating: 1, count: 1))
        for write in [first, second] {
            #expect { try write.wait() } throws: { ($0 as? TLSError)?.code == .tooMuchBeforeHandshake }
        }
        #expect(throws: TLSError.self) { try channel.throwIfErrorCaught() }
        #expect(!channel.isActive)
        _ = try? channel.finish()
    }

    @Test("writes and closes after a close are refused") func afterClose() async throws {
        let fixture = try Fixture()
        let server = try await LoopbackServer.start(try fixture.server())
        let (channel, gone) = try await server.connect(try fixture.session())
        try await channel.close(mode: .output)
        await #expect(throws: ChannelError.self) {
            try await channel.writeAndFlush(channel.allocator.buffer(string: "too late\n"))
        }
        await #expect(throws: ChannelError.self) { try await channel.close(mode: .output) }
        #expect(try await gone.get().errors.isEmpty)
        try await server.channel.close()
    }
}
