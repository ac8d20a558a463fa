import NIOCore
import RegiopostWire

/// Hands pages from a connection's event loop to whoever stores them, a few ahead: where they aren't taken, the connection
/// stops reading, and so in the end the server.
struct PageSource {
    typealias Pages = NIOThrowingAsyncSequenceProducer<MailboxPage, any Error, HighLow, Reader>
    typealias HighLow = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark

    /// How many pages may wait, of at most a megabyte or so each.
    private static let ahead = 3

    /// The connection that reads.
    struct Reader: NIOAsyncSequenceProducerDelegate {
        let handler: NIOLoopBound<ClientHandler>
        let loop: any EventLoop
        let mailbox: MailboxName

        /// There is room again.
        func produceMore() { loop.execute { handler.value.setReading(true) } }

        /// Nobody takes any more.
        func didTerminate() {
            loop.execute {
                handler.value.setReading(true)
                handler.value.stopPages(of: mailbox)
            }
        }
    }

    /// A source and what comes out of it.
    static func make(_ reader: Reader) -> (source: Pages.Source, pages: Pages) {
        let made = Pages.makeSequence(
            backPressureStrategy: HighLow(lowWatermark: 1, highWatermark: ahead), finishOnDeinit: true,
            delegate: reader)
        return (made.source, made.sequence)
    }
}
