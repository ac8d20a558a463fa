import RegiopostModel
import RegiopostWire
import Synchronization
import Testing

@testable import RegiopostServer

@Suite("Connections that stand") struct ConnectionsTests {
    private final class Told: Sendable {
        let words = Mutex<[String]>([])
        func entry(_ serial: String?) -> Connections.Entry {
            Connections.Entry(
                address: nil, serial: serial, stop: { self.words.withLock { $0.append("stop") } },
                revoke: { self.words.withLock { $0.append("revoke") } })
        }
    }

    @Test("a connection that was let in just before its certificate was revoked ends too") func lateComer() {
        let (connections, told) = (Connections(limits: .standard), Told())
        connections.revoke(["0a"])
        _ = connections.add(told.entry("0b"))
        _ = connections.add(told.entry(nil))
        #expect(told.words.withLock { $0 }.isEmpty)
        _ = connections.add(told.entry("0a"))
        #expect(told.words.withLock { $0 } == ["revoke"])
    }

    @Test("revoking reaches those that stand, and no other") func standing() {
        let (connections, told, other) = (Connections(limits: .standard), Told(), Told())
        let token = connections.add(told.entry("0a"))
        _ = connections.add(other.entry("0b"))
        connections.revoke(["0a", "0c"])
        #expect(told.words.withLock { $0 } == ["revoke"] && other.words.withLock { $0 }.isEmpty)
        connections.remove(token)
        #expect(connections.count == 1)
    }

    @Test("strangers have less room than clients that are known, and leaving makes room again") func room() {
        var limits = Limits.standard
        (limits.connections, limits.strangers) = (3, 2)
        let connections = Connections(limits: limits)
        #expect(connections.enter() && connections.enter() && !connections.enter())
        connections.becameKnown()
        #expect(connections.enter() && !connections.enter())
        connections.becameKnown()
        #expect(!connections.enter())
        connections.leave(asStranger: false)
        #expect(connections.enter())
        connections.leave(asStranger: true)
        connections.leave(asStranger: true)
        #expect(connections.enter() && connections.enter() && !connections.enter())
    }

    @Test("who comes while it stops is told to stop") func stopping() {
        let (connections, told) = (Connections(limits: .standard), Told())
        connections.stop()
        _ = connections.add(told.entry("0a"))
        #expect(told.words.withLock { $0 } == ["stop"])
    }
}
