import RegiopostModel

/// What a cursor means to the server that made it: an epoch, a position in one mailbox, and the digest of the
/// change there, which shows when history was lost or the cursor comes from another mailbox.
///
/// 49 bytes in base64url: a 1 for this layout, the epoch and the position (8 bytes each, most significant first),
/// and the digest's 32.
public struct Cursor: Hashable, Sendable {
    /// The server's history this belongs to; a restore from backup starts a new one.
    public let epoch: UInt64
    /// How many changes come before and at this place; 0 before the first.
    public let position: Int
    /// The digest of the change at `position`; `nil` at 0.
    public let digest: Digest?

    private static let layout: UInt8 = 1
    private static let length = 49

    /// The place at a change, from position 1 on; `nil` for other positions.
    public init?(epoch: UInt64, position: Int, digest: Digest) {
        guard position >= 1 else { return nil }
        self.epoch = epoch
        self.position = position
        self.digest = digest
    }

    private init(startOf epoch: UInt64) {
        self.epoch = epoch
        position = 0
        digest = nil
    }

    /// The place before the first change.
    public static func start(epoch: UInt64) -> Cursor { Cursor(startOf: epoch) }

    /// Reads what `token` made, and `0` as the start of `epoch`; `nil` for what no server made.
    public init?(_ token: CursorToken, epoch: UInt64) {
        if token == .start {
            self = .start(epoch: epoch)
            return
        }
        guard let bytes = Base64URL.decoded(token.text), bytes.count == Self.length, bytes[0] == Self.layout,
            let position = Int(exactly: Self.word(bytes[9..<17]))
        else { return nil }
        let ownEpoch = Self.word(bytes[1..<9])
        if position == 0, bytes[17...].allSatisfy({ $0 == 0 }) {
            self = .start(epoch: ownEpoch)
        } else {
            guard let digest = Digest(bytes: bytes[17...]) else { return nil }
            self.init(epoch: ownEpoch, position: position, digest: digest)
        }
    }

    /// The cursor as it travels.
    public var token: CursorToken {
        var bytes: [UInt8] = [Self.layout]
        bytes.reserveCapacity(Self.length)
        for word in [epoch, UInt64(position)] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        bytes.append(contentsOf: digest?.bytes ?? [UInt8](repeating: 0, count: 32))
        return CursorToken(known: Base64URL.encoded(bytes))
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
