import RegiopostModel

extension Change {
    /// Whether two changes of one id ask for the same, written at different times or on different machines.
    public func asks(theSameAs other: Change) -> Bool {
        typeName == other.typeName && subject == other.subject && body.asks(theSameAs: other.body)
    }
}

extension ChangeBody {
    /// Whether two bodies ask for the same. What the program fills in by itself doesn't count: the account holder, who
    /// changes with the directory, and the date of a letter where nobody gave one.
    public func asks(theSameAs other: ChangeBody, whateverTheDate: Bool = false) -> Bool {
        switch (self, other) {
        case (.meetingRequest(let content), .meetingRequest(let known)):
            return content.of(known.accounthouder, ifSaid: known.confidentiality) == known
        case (.letterPublish(let content), .letterPublish(let known)) where whateverTheDate:
            return content.due(like: known).dated(known.date, from: content.draft) == known
        default: return self == other
        }
    }
}

extension ChangeBody {
    /// The same body, speaking of changes that were written anew by their new ids.
    func naming(_ renamed: [ChangeID: ChangeID]) -> ChangeBody {
        switch self {
        case .programme(.include(let ids)): .programme(.include(ids.map { renamed[$0] ?? $0 }))
        case .programme(.exclude(let ids)): .programme(.exclude(ids.map { renamed[$0] ?? $0 }))
        case .letterSupersede(let newer): .letterSupersede(by: renamed[newer] ?? newer)
        case .letterPublish(let content):
            .letterPublish(content.replacing(content.supersedes.map { renamed[$0] ?? $0 }))
        default: self
        }
    }
}

extension MeetingContent {
    /// A request made before levels were said is the same as one that says the level that briefings have.
    fileprivate func of(_ accounthouder: Address, ifSaid known: Confidentiality?) -> MeetingContent {
        MeetingContent(
            kind: kind, accounthouder: accounthouder, invited: invited, letter: letter, dossier: dossier,
            themes: themes, slots: slots, place: place, online: online, language: language, support: support,
            team: team, audience: audience, size: size, note: note,
            confidentiality: known == nil ? nil : confidentiality)
    }
}
