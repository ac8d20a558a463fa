import RegiopostModel
import RegiopostWire
import Synchronization
import Testing

@testable import RegiopostServer

@Suite("Connections that stand") struct ConnectionsTests {
    private final class Told: Sendable {
        let words = Mutex<[String]>([])

        var all: [String] { words.withLock { $0 } }

        func say(_ word: String) { words.withLock { $0.append(word) } }

        func entry(_ serial: String?, _ name: String = "", expires: Timestamp? = nil) -> Connections.Entry {
            Connections.Entry(
                address: nil, serial: serial, expires: expires, stop: { self.say("stop" + name) },
                turnOut: { self.say($0.rawValue + name) }, giveWay: { self.say("give way" + name) })
        }
    }

    @Test("a connection that was let in just before its certificate was revoked ends too") func lateComer() {
        let (connections, told) = (Connections(limits: .standard), Told())
        connections.revoke(["0a"])
        _ = connections.add(told.entry("0b"))
        _ = connections.add(told.entry(nil))
        #expect(told.all.isEmpty)
        _ = connections.add(told.entry("0a"))
        #expect(told.all == ["revoked"])
    }

    @Test("revoking reaches those that stand, and no other") func standing() {
        let (connections, told, other) = (Connections(limits: .standard), Told(), Told())
        let token = connections.add(told.entry("0a"))
        _ = connections.add(other.entry("0b"))
        connections.revoke(["0a", "0c"])
        #expect(told.all == ["revoked"] && other.all.isEmpty)
        connections.remove(token)
        #expect(connections.count == 1)
    }

    @Test("who has a certificate that has expired is turned out, at its moment and no sooner") func expired() {
        let (connections, told) = (Connections(limits: .standard), Told())
        let moment = Timestamp(milliseconds: 1_800_000_000_000)
        _ = connections.add(told.entry("0a", " a", expires: moment))
        _ = connections.add(told.entry("0b", " b", expires: moment.adding(milliseconds: 1)))
        _ = connections.add(told.entry(nil, " who enrols"))
        connections.endExpired(at: moment.adding(milliseconds: -1))
        #expect(told.all.isEmpty)
        connections.endExpired(at: moment)
        #expect(told.all == ["certificate-expired a"])
    }

    @Test("the oldest stranger makes room for a new one, and no client that is known does") func room() throws {
        var limits = Limits.standard
        (limits.connections, limits.strangers) = (4, 2)
        let (connections, told) = (Connections(limits: limits), Told())
        func enter(_ name: String) -> Connections.Token? { connections.enter { told.say(name) } }
        let first = try #require(enter("1"))
        _ = try #require(enter("2"))
        connections.becameKnown(first)
        let third = try #require(enter("3"))
        #expect(told.all.isEmpty)
        _ = try #require(enter("4"))
        #expect(told.all == ["2"], "the oldest that nobody knows")
        connections.becameKnown(third)
        let fifth = try #require(enter("5"))
        #expect(told.all == ["2"])
        _ = try #require(enter("6"))
        #expect(told.all == ["2", "4"], "there is no room for one more at all")
        connections.becameKnown(fifth)
        connections.leave(first)
        let seventh = try #require(enter("7"))
        connections.becameKnown(seventh)
        _ = try #require(enter("8"))
        #expect(told.all == ["2", "4", "6"])
    }

    @Test("where only known clients stand, a stranger is turned away until one leaves") func full() throws {
        var limits = Limits.standard
        limits.connections = 2
        let connections = Connections(limits: limits)
        let tokens = try (0..<2).map { _ in try #require(connections.enter {}) }
        for token in tokens { connections.becameKnown(token) }
        #expect(connections.enter {} == nil)
        connections.leave(tokens[0])
        #expect(connections.enter {} != nil)
    }

    @Test("one connection too many ends the certificate's oldest, and no other certificate's") func sessions() {
        var limits = Limits.standard
        limits.sessions = 2
        let (connections, told) = (Connections(limits: limits), Told())
        _ = connections.add(told.entry("0a", " 1"))
        let second = connections.add(told.entry("0a", " 2"))
        for _ in 0..<3 { _ = connections.add(told.entry(nil, " enrolling")) }
        _ = connections.add(told.entry("0b", " other"))
        #expect(told.all.isEmpty)
        _ = connections.add(told.entry("0a", " 3"))
        #expect(told.all == ["give way 1"])
        connections.remove(second)
        _ = connections.add(told.entry("0a", " 4"))
        #expect(told.all == ["give way 1"], "one that is gone counts no more")
        _ = connections.add(told.entry("0a", " 5"))
        #expect(told.all == ["give way 1", "give way 3"])
    }

    @Test("who comes while it stops is told to stop") func stopping() {
        let (connections, told) = (Connections(limits: .standard), Told())
        connections.stop()
        _ = connections.add(told.entry("0a"))
        #expect(told.all == ["stop"])
    }
}
