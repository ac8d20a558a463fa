import NIOCore

/// What is to be sent at the next flush: many short lines become few TLS records.
struct GatheredWrites {
    private var bytes = ByteBuffer()
    private var promises: [EventLoopPromise<Void>] = []

    /// How many bytes wait.
    var count: Int { bytes.readableBytes }

    /// Adds a write. The first one is kept as it is, the others are copied behind it.
    mutating func append(_ buffer: ByteBuffer, promise: EventLoopPromise<Void>?) {
        if bytes.readableBytes == 0 {
            bytes = buffer
        } else {
            bytes.writeImmutableBuffer(buffer)
        }
        if let promise { promises.append(promise) }
    }

    /// Takes everything: the bytes, and one promise for all writes together, `nil` where nobody waits.
    mutating func take() -> (ByteBuffer, EventLoopPromise<Void>?) {
        let taken = bytes
        let waiting = promises
        bytes = ByteBuffer()
        promises = []
        for other in waiting.dropFirst() { waiting.first?.futureResult.cascade(to: other) }
        return (taken, waiting.first)
    }

    /// Drops everything and tells whoever waits.
    mutating func fail(_ error: any Error) {
        take().1?.fail(error)
    }
}
