import NIOCore
import NIOPosix
import RegiopostJSON
import RegiopostModel

/// Takes administration requests on a Unix socket in the data folder: one line in, the reply's lines out, then it closes.
///
/// Only who may enter the folder can connect: the folder is 0700 and the socket 0600.
final class AdministrationSocket: Sendable {
    /// No request is longer, in bytes.
    static let maximumRequest = 4_096
    /// A request must be there after so many seconds.
    static let deadline: Int64 = 10
    /// A reply must be taken in so many seconds.
    static let replyDeadline: Int64 = 60

    private let channel: any Channel
    private let path: SocketPath

    /// Listens in a folder whose lock is held, in place of whatever socket an earlier server left there.
    init(
        _ folder: DataFolder, group: any EventLoopGroup,
        perform: @escaping @Sendable (AdministrationRequest) async -> AdministrationReply
    ) async throws {
        path = try SocketPath(folder)
        channel = try await ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AdministrationHandler(perform: perform))
                }
            }
            .bind(unixDomainSocketPath: path.path, cleanupExistingSocketFile: true).get()
        guard chmod(path.path, 0o600) == 0 else {
            let number = errno
            try? await channel.close()
            throw OperatorError.system(number, OperatorError.cannotWrite, folder.socket)
        }
    }

    /// Listens no more and takes the socket away.
    func stop() async {
        try? await channel.close()
        unlink(path.path)
    }
}

/// One connection: waits for the line, does what it asks, answers.
private final class AdministrationHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let perform: @Sendable (AdministrationRequest) async -> AdministrationReply
    private var received: [UInt8] = []
    private var isAnswering = false
    private var deadline: Scheduled<Void>?

    init(perform: @escaping @Sendable (AdministrationRequest) async -> AdministrationReply) {
        self.perform = perform
    }

    func channelActive(context: ChannelHandlerContext) { closeLater(context, AdministrationSocket.deadline) }

    func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswering else { return }
        received += unwrapInboundIn(data).readableBytesView
        guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else {
            if received.count > AdministrationSocket.maximumRequest { context.close(promise: nil) }
            return
        }
        guard end <= AdministrationSocket.maximumRequest,
            let value = try? JSONReader.read(Array(received[..<end])),
            let request = AdministrationRequest(json: value)
        else {
            answer(AdministrationReply(error: OperatorError(.usage, Self.unreadable)), context)
            return
        }
        isAnswering = true
        deadline?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (loop, perform) = (context.eventLoop, perform)
        Task {
            let reply = await perform(request)
            loop.execute { bound.value.0.answer(reply, bound.value.1) }
        }
    }

    private func answer(_ reply: AdministrationReply, _ context: ChannelHandlerContext) {
        isAnswering = true
        guard context.channel.isActive else { return }
        closeLater(context, AdministrationSocket.replyDeadline)
        let bytes = context.channel.allocator.buffer(bytes: reply.lines)
        context.writeAndFlush(NIOAny(bytes)).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }

    private func closeLater(_ context: ChannelHandlerContext, _ seconds: Int64) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(seconds)) {
            context.close(promise: nil)
        }
    }

    private static let unreadable = Phrase(
        dutch: "De server begrijpt dit verzoek niet. Gebruik een regiopostd van dezelfde versie als de server.",
        english: "The server doesn't understand this request. Use a regiopostd of the same version as the server.")
}
