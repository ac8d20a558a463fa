import RegiopostJSON

/// A file that a change cites: what it is called, what it is, and the digest that names its bytes. The bytes travel
/// apart from the change.
public struct FileReference: Hashable, Sendable {
    /// What people call it, unique in its change: `kaart.pdf`.
    public let name: String
    /// Its media type (RFC 6838), in lower case and without parameters: `application/pdf`.
    public let media: String
    /// How many bytes it has.
    public let size: Int
    /// The SHA-256 of its bytes, by which it is found.
    public let digest: Digest

    /// No change cites more files.
    public static let maximumCount = 50
    /// No name is longer, in bytes of UTF-8.
    public static let maximumName = 255
    /// No file is larger, in bytes, whatever a server takes: 1 TiB.
    public static let maximumSize = 1_099_511_627_776

    /// Makes a reference; `nil` where one of the parts can't be.
    public init?(name: String, media: String, size: Int, digest: Digest) {
        guard Self.isName(name), Self.isMedia(media), (1...Self.maximumSize).contains(size) else { return nil }
        self.name = name
        self.media = media
        self.size = size
        self.digest = digest
    }

    init(_ fields: Fields) throws(Refusal) {
        name = try fields.value("name", "file name of 1 to \(Self.maximumName) bytes without / and controls") {
            Self.isName($0) ? $0 : nil
        }
        media = try fields.value("media", "type/subtype") { Self.isMedia($0) ? $0 : nil }
        size = try fields.integer("size", in: 1...Self.maximumSize)
        digest = try fields.value("sha256", "64 hexadecimal digits", Digest.init(_:))
    }

    var json: JSONValue {
        .object([
            "name": .string(name), "media": .string(media), "size": .number(size), "sha256": .string(digest.text),
        ])
    }

    /// Whether a file may be called that: something to see in it, no folder, nothing that moves a terminal's cursor or
    /// turns the direction in which it is read.
    public static func isName(_ text: String) -> Bool {
        (1...maximumName).contains(text.utf8.count) && text != "." && text != ".."
            && text.unicodeScalars.contains { !$0.properties.isWhitespace }
            && text.unicodeScalars.allSatisfy { scalar in
                scalar != "/" && scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl
            }
    }

    /// Whether it is `type/subtype`, each a name of 1 to 127 characters (RFC 6838, section 4.2) in lower case.
    public static func isMedia(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { isMediaName($0) }
    }

    private static func isMediaName(_ name: Substring.UTF8View) -> Bool {
        guard let first = name.first, name.count <= 127 else { return false }
        return isLetterOrDigit(first) && name.allSatisfy { isLetterOrDigit($0) || "!#$&-^_.+".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension Fields {
    /// The files that a change cites: at most `FileReference.maximumCount`, their names distinct; an absent list is empty.
    func files(_ name: String) throws(Refusal) -> [FileReference] {
        let objects = try objects(name)
        guard objects.count <= FileReference.maximumCount else {
            throw refusal(name, expected: "list of at most \(FileReference.maximumCount)")
        }
        var files: [FileReference] = []
        var names: Set<[UInt8]> = []
        for object in objects {
            let file = try FileReference(object)
            // By bytes: what counts as the same character differs between languages and versions of Unicode.
            guard names.insert(Array(file.name.utf8)).inserted else {
                throw object.refusal("name", expected: "each name once")
            }
            files.append(file)
        }
        return files
    }
}

extension JSONValue {
    /// A list of files as changes carry it; `nil` for none, so that changes without files stay as they were.
    static func files(_ files: [FileReference]) -> JSONValue? {
        files.isEmpty ? nil : .array(files.map(\.json))
    }
}

extension ChangeBody {
    /// The files that the change cites. Whoever writes it must have uploaded them, or see them already.
    public var files: [FileReference] {
        switch self {
        case .letterPublish(let content): content.files
        case .responseSubmit(let content): content.files
        case .meeting(.hold(let minutes)): minutes.files
        case .jointSubmit(let content): content.answer.files
        case .draftSave(let content): content.files
        case .letterSupersede, .jointWithdraw, .jointAcknowledge, .draft, .letterWithdraw, .receiptDelivered,
            .receiptOpened, .responseWithdraw, .responseAcknowledge,
            .meetingRequest, .meeting, .term, .agreementRecord, .agreement, .programmeStart, .programme,
            .organisationSet,
            .organisationMerge, .regionSet, .regionHandover, .mandateSet, .mandateStart, .mandateEnd, .unknown:
            []
        }
    }
}
