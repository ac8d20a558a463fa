import RegiopostModel

/// The changes of a page as lines: the same for everybody who reads there, so written once for all of them.
public struct PageLines: Equatable, Sendable {
    /// How many changes there are.
    public let count: Int
    /// In pieces of about `Limits.outputPiece` bytes.
    let pieces: [[UInt8]]
    /// The position of the first change, where they follow it without a gap; `nil` where they don't, or there are none.
    let first: Int?
    /// Position and digest of the last change.
    let end: MailboxEnd?

    /// Writes the changes. O(bytes).
    public init(_ changes: [StoredChange], in mailbox: MailboxName) {
        count = changes.count
        pieces = Self.pieces(changes, mailbox)
        let start = changes.first?.position ?? 0
        let isGapless = changes.enumerated().allSatisfy { $1.position == start + $0 }
        first = isGapless ? changes.first?.position : nil
        end = changes.last.flatMap { MailboxEnd(position: $0.position, digest: $0.digest) }
    }

    /// The pieces with a message behind them.
    func pieces(with last: ServerMessage?) -> [[UInt8]] {
        guard let last else { return pieces }
        var all = pieces
        var piece = all.popLast() ?? []
        last.write(to: &piece)
        all.append(piece)
        return all
    }

    private static func pieces(_ changes: [StoredChange], _ mailbox: MailboxName) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var piece: [UInt8] = []
        var left = changes.reduce(0) { $0 + $1.bytes.count + Limits.envelope / 4 }
        for change in changes {
            let size = change.bytes.count + Limits.envelope / 4
            if !piece.isEmpty, piece.count + size > Limits.outputPiece {
                pieces.append(piece)
                piece = []
            }
            if piece.isEmpty {
                piece.reserveCapacity(max(size, min(left + Limits.envelope / 4, Limits.outputPiece)))
            }
            change.write(mailbox: mailbox, to: &piece)
            left -= size
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }
}
