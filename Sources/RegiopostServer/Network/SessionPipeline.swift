import NIOCore

/// What stands on each connection's channel: who counts it, what secures it, admission, and then its session. Whatever
/// secures it is handed in, so that a simulation can bring connections that no socket carries.
package final class SessionPipeline: Sendable {
    private let service: Service
    private let connections: Connections

    /// Makes the pipelines of a service's connections.
    package init(service: Service) {
        self.service = service
        connections = Connections(limits: service.limits)
    }

    /// Adds the handlers to a channel that has just come. On its event loop.
    ///
    /// - Parameter secure: makes the handler that fires `TLSHandshakeCompleted`; called where there is room.
    /// - Throws: where there is no room for another connection, and what `secure` throws.
    package func add(to channel: any Channel, secure: () throws -> any ChannelHandler) throws {
        guard let token = connections.enter(close: { channel.close(promise: nil) }) else {
            throw ChannelError.operationUnsupported
        }
        let stranger = StrangerHandler(connections: connections, token: token)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(stranger)
        try pipeline.addHandlers([
            try secure(), AdmissionHandler(service: service, connections: connections, stranger: stranger),
        ])
    }

    /// How many connections stand.
    package var count: Int { connections.count }

    /// Ends the connections that use one of these certificates, at once.
    package func revoke(_ serials: Set<String>) { connections.revoke(serials) }

    /// Ends the connections whose certificate has expired by now.
    package func endExpired() { connections.endExpired(at: service.clock()) }

    /// Ends all that stand and all that come.
    package func stop() { connections.stop() }
}
