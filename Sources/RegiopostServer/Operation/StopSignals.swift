import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT, from when this is made until it is let go.
public final class StopSignals: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: all is set in `init`; the sources are only held, and the stream is Sendable.
    private let sources: [any DispatchSourceSignal]
    private let stream: AsyncStream<Int32>

    /// Begins to listen for them. The second one ends the process at once, with the status 128 and its number.
    public init() {
        let (stream, feed) = AsyncStream.makeStream(of: Int32.self)
        let queue = DispatchQueue(label: "signals")
        let count = SignalCount()
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            // Else its default action would end the process before the source sees it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if count.next() > 1 { _exit(128 + number) }
                feed.yield(number)
            }
            source.resume()
            return source
        }
    }

    /// Returns at the first one.
    public func first() async {
        for await _ in stream { return }
    }
}

private final class SignalCount: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
