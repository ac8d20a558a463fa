import RegiopostModel

/// Writes records one after the other, each with the chain of everything before it.
struct RecordEncoder {
    /// What a record says beside the proposal's own.
    struct Attributes {
        let sequence: Int
        let group: Int
        let subject: String
        let author: String
        let position: Int
        /// The names of the audience, where it changed.
        let audience: [[UInt8]]?
        let fills: [Fill]
        let cites: Set<Digest>
    }

    private let hash: LogHash
    private let scratch = GrowingBytes(capacity: 4_096)
    private var lastTime: Timestamp?
    private var lastTimeText: [UInt8] = []

    init(hash: @escaping LogHash) { self.hash = hash }

    /// Writes the record to the end of `buffer`.
    ///
    /// - Returns: how long its attributes are, and its chain.
    mutating func encode(
        _ attributes: Attributes, id: ChangeID, digest: Digest, receivedAt: Timestamp, text: [UInt8],
        after chain: Chain, to buffer: GrowingBytes
    ) -> (headBytes: Int, chain: Chain) {
        scratch.clear()
        _ = scratch.extend(by: ChainRule.prefixBytes)
        scratch.put("n=")
        scratch.put(attributes.sequence, digits: 12)
        scratch.put(" received=")
        put(receivedAt)
        scratch.put(" group=")
        scratch.put(attributes.group, digits: 12)
        scratch.put(" bytes=")
        scratch.put(text.count)
        scratch.put(" id=")
        scratch.put(id)
        scratch.put(" subject=")
        scratch.put(attributes.subject)
        scratch.put(" author=")
        scratch.put(attributes.author)
        scratch.put(" position=")
        scratch.put(attributes.position)
        if let audience = attributes.audience {
            scratch.put(" to=")
            for (index, name) in audience.enumerated() {
                if index > 0 { scratch.put(UInt8(ascii: ",")) }
                scratch.put(name)
            }
        }
        put(attributes.fills)
        put(attributes.cites)
        scratch.put(" digest=")
        scratch.put(digest)
        let next = ChainRule.next(after: chain, scratch.mutableBytes, hash)
        let covered = UnsafeRawBufferPointer(rebasing: scratch.bytes[ChainRule.prefixBytes...])
        buffer.put(covered)
        buffer.put(" chain=")
        buffer.put(next)
        buffer.put(UInt8(ascii: " "))
        buffer.put(text)
        buffer.put(UInt8(ascii: "\n"))
        return (covered.count + 7 + 64 + 1, next)
    }

    private func put(_ fills: [Fill]) {
        guard !fills.isEmpty else { return }
        scratch.put(" fill=")
        for (index, fill) in fills.enumerated() {
            if index > 0 { scratch.put(UInt8(ascii: ",")) }
            scratch.put(fill.from.text)
            scratch.put(UInt8(ascii: ">"))
            scratch.put(fill.to.text)
        }
    }

    private func put(_ cites: Set<Digest>) {
        guard !cites.isEmpty else { return }
        scratch.put(" files=")
        // Sorted, so that the same change always makes the same record.
        for (index, digest) in cites.sorted(by: { $0.words < $1.words }).enumerated() {
            if index > 0 { scratch.put(UInt8(ascii: ",")) }
            scratch.put(digest)
        }
    }

    /// All of a batch have the same time of receipt.
    private mutating func put(_ time: Timestamp) {
        if time != lastTime {
            lastTimeText = Array(unsafeUninitializedCapacity: RecordFormat.receivedBytes) { text, count in
                time.write(to: text.start)
                count = RecordFormat.receivedBytes
            }
            lastTime = time
        }
        scratch.put(lastTimeText)
    }
}
