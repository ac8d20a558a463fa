import RegiopostModel
import RegiopostWire
import Testing

@Suite("Lines on an enrolment connection") struct EnrolLinesTests {
    @Test("asking what costs nothing ends too") func pings() throws {
        let server = try #require(OrganisationCode("pv28"))
        var session = EnrolSession(greeting: EnrolGreeting(server: server, time: Timestamp(milliseconds: 0)))
        for number in 1...Limits.enrolLines {
            let actions = session.lineReceived(Array("\(number) PING".utf8)[...])
            #expect(actions == [.send(Array("\(number) OK PING\n".utf8))])
        }
        let last = session.lineReceived(Array("x PING".utf8)[...])
        #expect(last.count == 2 && last.last == .close)
        guard case .send(let bye) = last.first else {
            Issue.record("nothing was said")
            return
        }
        #expect(String(decoding: bye, as: UTF8.self).hasPrefix("* BYE too-many-requests"))
        #expect(session.lineReceived(Array("y PING".utf8)[...]).isEmpty)
    }
}
