/// How the index keeps what stands at the positions of a mailbox: a hundred positions together, which cost little more than
/// one. Which hundred is fixed, so that an index that grew bit by bit is the same as one made at once.
enum DeliveryRun {
    /// How many positions a run has.
    static let length = 100
    /// How many bytes a sequence takes.
    static let sequenceBytes = 8

    /// Where a position is found.
    struct Place: Equatable {
        /// 0 for positions 1 to 100, and so on.
        let run: Int
        /// 0 for the run's first position.
        var index: Int

        init(run: Int, index: Int) {
            self.run = run
            self.index = index
        }

        /// Of a position, which is 1 or more.
        init(of position: Int) { self.init(run: (position - 1) / length, index: (position - 1) % length) }
    }

    /// Puts a sequence behind the others of its run.
    static func put(_ sequence: Int, to bytes: GrowingBytes) {
        UnsafeMutableRawPointer(bytes.extend(by: sequenceBytes)).storeBytes(of: sequence.littleEndian, as: Int.self)
    }

    /// The sequence at a place of a run; `nil` where the run doesn't go so far.
    static func sequence(_ index: Int, in run: UnsafeRawBufferPointer) -> Int? {
        guard run.count >= (index + 1) * sequenceBytes else { return nil }
        return Int(littleEndian: run.loadUnaligned(fromByteOffset: index * sequenceBytes, as: Int.self))
    }
}
