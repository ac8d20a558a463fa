/// What a letter says about its attachments, in its head and at its end.
struct AttachmentClaim {
    /// How many it says it has; `nil` where it doesn't say, or not as a number.
    private(set) var count: Int?
    /// What it lists.
    private(set) var listed: [String]
    /// What stands where the number should, and isn't one.
    private(set) var unreadable: String?
    /// The line that speaks of them, 1 for the letter's first.
    let line: Int

    init(head: LetterHead, tail: LetterTail) {
        let field = head.first(.attachments)
        let bullets = field?.values.filter { $0.marker == .bullet } ?? []
        let stated =
            [field?.inline].compactMap(\.self)
            + (field?.values.filter { $0.marker != .bullet }.map(\.plain) ?? [])
        listed = bullets.map(\.plain) + tail.attachments
        line = field?.valueLine ?? tail.firstAttachmentLine ?? 1
        if let text = stated.first {
            count = AttachmentCount.read(text)
            if count == nil { unreadable = text }
            // What stands below the number is listed, one a line.
            listed = Array(stated.dropFirst()) + listed
        } else if let text = tail.attachmentCount {
            count = AttachmentCount.read(text)
        } else if !listed.isEmpty {
            count = listed.count
        }
    }
}
