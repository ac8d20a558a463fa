import RegiopostJournal
import RegiopostModel

/// The first line of a segment: what it belongs to and where it goes on, so that it can be read by itself.
///
///     regiopost-log version=1 log=6f1d… segment=000000000002 first=000000000341 chain=…
struct SegmentHeader: Hashable, Sendable {
    /// The only form that this code knows.
    static let version = 1
    /// No header is longer.
    static let maximumBytes = 512

    /// The log's name, random: the epoch it was made in.
    let log: String
    /// 1, 2, 3 …
    let segment: Int
    /// The number that the first record in it has, or will have.
    let first: Int
    /// The chain before that record.
    let chain: Chain

    var line: [UInt8] {
        Array(
            ("regiopost-log version=\(Self.version) log=\(log) segment=\(SegmentName.padded(segment)) "
                + "first=\(SegmentName.padded(first)) chain=\(chain.text)\n").utf8)
    }

    init(log: String, segment: Int, first: Int, chain: Chain) {
        self.log = log
        self.segment = segment
        self.first = first
        self.chain = chain
    }

    /// Reads the header that begins these bytes.
    init(_ bytes: [UInt8], path: String) throws(JournalError) {
        let line = String(
            decoding: bytes.prefix(Self.maximumBytes).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.first == "regiopost-log", words.count > 1, words[1].hasPrefix("version=") else {
            throw JournalError(
                .notJournal, "\(path) is no segment of a log of Regiopost, or its beginning is broken.")
        }
        guard words[1] == "version=\(Self.version)" else {
            throw JournalError(
                .newerFormat,
                "\(path) has \(words[1]), and this Regiopost knows version \(Self.version); use a newer one.")
        }
        func field(_ index: Int, _ name: String) -> String? {
            guard index < words.count, words[index].hasPrefix(name) else { return nil }
            return String(words[index].dropFirst(name.count))
        }
        guard let log = field(2, "log="), let segment = field(3, "segment=").flatMap({ Int($0) }),
            let first = field(4, "first=").flatMap({ Int($0) }),
            let chain = field(5, "chain=").flatMap({ Digest($0) })
        else { throw Self.broken(path) }
        self.init(log: log, segment: segment, first: first, chain: chain)
        guard Array(bytes.prefix(self.line.count)) == self.line else { throw Self.broken(path) }
    }

    private static func broken(_ path: String) -> JournalError {
        JournalError(
            .corrupt, "The first line of \(path) is broken; restore this file from a backup. Nothing was changed.")
    }
}
