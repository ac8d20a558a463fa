import RegiopostModel
import RegiopostWire
import Testing

@testable import RegiopostServer

@Suite("Pages for all who watch") struct SharedPagesTests {
    private let shared = SharedPages()

    private func mailbox() throws -> Mailbox { .address(try #require(Address("gm0503/griffie"))) }

    private func empty(_ more: Bool) -> PageAnswer { .page(PageLines([], in: .own), more: more) }

    @Test("a page is made once for the same place, until the mailbox grows") func once() throws {
        let mailbox = try mailbox()
        var made = 0
        func read(after position: Int) -> PageAnswer? {
            shared.page(of: mailbox, after: position) {
                made += 1
                return empty(false)
            }
        }
        #expect(read(after: 3) == empty(false) && read(after: 3) == empty(false) && made == 1)
        shared.grew([.directory])
        #expect(read(after: 3) == empty(false) && made == 1)
        #expect(read(after: 2) == empty(false) && made == 2)
        shared.grew([mailbox, .directory])
        #expect(read(after: 2) == empty(false) && made == 3)
    }

    @Test("what was read while a mailbox grew is nobody else's, and what isn't at hand is asked for again")
    func grownMeanwhile() throws {
        let mailbox = try mailbox()
        let stale = shared.page(of: mailbox, after: 1) {
            shared.grew([mailbox])
            return empty(false)
        }
        #expect(stale == empty(false))
        #expect(shared.page(of: mailbox, after: 1) { nil } == nil)
        #expect(shared.page(of: mailbox, after: 1) { empty(true) } == empty(true))
    }
}
