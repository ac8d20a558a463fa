import RegiopostJSON

/// The immutable unit of sync: one line of JSON, written once by its author and never altered.
///
/// This is the line as read. The bytes themselves are what is stored, hashed and forwarded; a change read from them is
/// never written again.
public struct Change: Equatable, Sendable {
    /// The version of the envelope that this model reads.
    public static let version = 1
    /// No line is longer, in bytes without its end; a server may announce less.
    public static let maximumLine = 1_048_576

    /// Named by its maker.
    public let id: ChangeID
    /// What it is about.
    public let subject: SubjectID
    /// The last exact change on the subject that its author saw; `nil` on the first one and on commuting ones.
    public let after: ChangeID?
    /// Changes on other subjects that must be there first.
    public let needs: [ChangeID]
    /// Who wrote it. The certificate decides whether that is true.
    public let author: Address
    /// When, by the author's clock: information, never a reason.
    public let time: Timestamp
    /// The change of an ended mandate that this one takes over.
    public let takenFrom: ChangeID?
    /// The type's name as written.
    public let typeName: String
    /// What it says.
    public let body: ChangeBody

    /// The type, `nil` for one that this version doesn't know.
    public var type: ChangeType? { ChangeType(rawValue: typeName) }

    /// Makes a change of a known type.
    public init(
        id: ChangeID, subject: SubjectID, after: ChangeID?, needs: [ChangeID] = [], author: Address,
        time: Timestamp,
        takenFrom: ChangeID? = nil, type: ChangeType, body: ChangeBody
    ) {
        self.id = id
        self.subject = subject
        self.after = after
        self.needs = needs
        self.author = author
        self.time = time
        self.takenFrom = takenFrom
        self.typeName = type.rawValue
        self.body = body
    }

    /// Reads a line without its end. O(bytes).
    ///
    /// - Throws: `line-too-long`, `bad-json`, `missing-field`, `bad-field`, `unknown-version` or `subject-mismatch`, naming the field. An
    ///   unknown type is no error here.
    public init(line: [UInt8]) throws(Refusal) {
        guard line.count <= Self.maximumLine else {
            throw Refusal(.lineTooLong, ["limit": String(Self.maximumLine)])
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(line)
        } catch {
            throw Refusal(.badJSON, ["reason": error.reason.rawValue, "offset": String(error.offset)])
        }
        let fields = try Fields(value)
        guard try fields.integer("v", in: 1...1_000) == Self.version else {
            throw Refusal(.unknownVersion, ["expected": String(Self.version)])
        }
        id = try fields.value("id", "identifier", ChangeID.init(_:))
        typeName = try fields.text("type", maximum: 100)
        subject = try fields.value("subject", "subject", SubjectID.init(_:))
        after = try fields.optionalValue("after", "identifier", ChangeID.init(_:))
        needs = try fields.values("needs", "identifier", ChangeID.init(_:))
        author = try fields.value("author", "address", Address.init(_:))
        time = try fields.value("time", "moment in UTC", Timestamp.init(_:))
        takenFrom = try fields.optionalValue("takenFrom", "identifier", ChangeID.init(_:))
        let body = try Fields(fields.required("body", fields.present("body")), path: "body")
        self.body = try ChangeBody(typeName: typeName, fields: body)
        try checkSubject()
    }

    /// The line that says this, without its end.
    public func line() -> [UInt8] {
        JSONValue.object([
            "v": .number(Self.version), "id": .string(id.text), "type": .string(typeName),
            "subject": .string(subject.text), "after": after.map { .string($0.text) },
            "needs": needs.isEmpty ? nil : .strings(needs.map(\.text)), "author": .string(author.text),
            "time": .string(time.text), "takenFrom": takenFrom.map { .string($0.text) }, "body": body.json,
        ]).encoded()
    }

    /// The same as if another had written it: for asking what a successor may do.
    func written(by author: Address) -> Change {
        guard let type else { return self }
        return Change(
            id: id, subject: subject, after: after, needs: needs, author: author, time: time, takenFrom: takenFrom,
            type: type, body: body)
    }

    /// A subject's name follows from what the change says; nobody chooses it.
    private func checkSubject() throws(Refusal) {
        let matches =
            switch (body, subject) {
            case (.letterPublish, .letter(let name)), (.meetingRequest, .meeting(let name)),
                (.agreementRecord, .agreement(let name)), (.programmeStart, .programme(let name)):
                name == id
            case (.draftSave, .draft(let name)): after != nil || name == id
            case (.draft, .draft): true
            case (.jointSubmit(let content), .joint(let name)): name == content.draft.id
            case (.jointWithdraw, .joint), (.jointAcknowledge, .joint): true
            case (.letterWithdraw, .letter), (.letterSupersede, .letter): true
            case (.receiptDelivered, .receipt), (.receiptOpened, .receipt): true
            case (.responseSubmit, .response), (.responseWithdraw, .response), (.responseAcknowledge, .response):
                true
            case (.meeting, .meeting), (.term, .term), (.agreement, .agreement), (.programme, .programme): true
            case (.organisationSet, .organisation), (.organisationMerge, .organisation): true
            case (.regionSet, .region), (.regionHandover, .region): true
            case (.mandateSet, .mandate), (.mandateStart, .mandate), (.mandateEnd, .mandate), (.unknown, _): true
            default: false
            }
        guard matches else { throw Refusal(.subjectMismatch, ["type": typeName, "subject": subject.text]) }
    }
}
