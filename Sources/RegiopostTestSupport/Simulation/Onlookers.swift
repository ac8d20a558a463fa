import RegiopostModel

/// Who may see what, written down a second time from the domain's words, so that the server's own answer can be held
/// against it.
enum Onlookers {
    private static let readers: Set<String> = ["college", "gemeentesecretaris", "burgemeester", "registratuur"]

    /// - Parameter first: the first change on the same subject.
    static func may(_ address: Address, see change: Change, first: Change, in witness: Witness) -> Bool {
        let names = [address] + predecessors(of: address, in: witness)
        return names.contains { isNamed($0, change, first, witness) }
    }

    /// Who gave up its work to this address.
    private static func predecessors(of address: Address, in witness: Witness) -> [Address] {
        witness.committed.compactMap { item in
            guard case .mandateEnd(let end)? = item.change?.body, end.successor == address else { return nil }
            return end.address
        }
    }

    private static func isNamed(_ address: Address, _ change: Change, _ first: Change, _ witness: Witness) -> Bool {
        let role = address.role.text
        let code = address.organisation
        switch change.subject {
        case .letter(let id): return letter(id, change, witness).map { sees($0, address) } ?? false
        case .receipt(let id, let named):
            guard let letter = letter(id, change, witness) else { return false }
            return address == named || address == letter.sender || address == letter.accounthouder
        case .response(let id, let organisation), .term(let id, let organisation):
            guard let letter = letter(id, change, witness) else { return false }
            if code == organisation {
                return readers.contains(role) || (letter.recipients + letter.copies).contains(address)
            }
            return address == letter.sender || address == letter.accounthouder
                || code == letter.sender.organisation && role == "registratuur"
        case .meeting: return meeting(first, address, role)
        case .agreement:
            guard case .agreementRecord(let content) = first.body else { return false }
            return address == first.author || code == first.author.organisation && role == "registratuur"
                || content.parties.contains(code) && role != "raadslid"
        case .draft:
            guard case .draftSave(let content) = first.body else { return false }
            guard let answer = content.answer else {
                return code == first.author.organisation && role != "registratuur"
            }
            return answer.recipients.contains(address)
                || (content.members + [first.author.organisation]).contains(code)
                    && ["college", "gemeentesecretaris"].contains(role)
        default: return false
        }
    }

    private static func meeting(_ first: Change, _ address: Address, _ role: String) -> Bool {
        guard case .meetingRequest(let content) = first.body else { return false }
        if address == content.accounthouder { return true }
        if address.organisation == content.accounthouder.organisation { return role == "registratuur" }
        guard ([first.author.organisation] + content.invited).contains(address.organisation) else { return false }
        switch content.kind {
        case .briefing: return ["griffie", "registratuur", "raadslid"].contains(role)
        case .knowledgeSession: return readers.contains(role) || role == "griffie"
        case .conversation, .expertTeam: return readers.contains(role) || role == "formateur"
        }
    }

    private struct Letter {
        let sender: Address
        let accounthouder: Address?
        let recipients: [Address]
        let copies: [Address]
    }

    private static func letter(_ id: ChangeID, _ change: Change, _ witness: Witness) -> Letter? {
        let publishing = change.id == id ? change : witness.places[id].flatMap { witness.committed[$0].change }
        guard let publishing, case .letterPublish(let content) = publishing.body else { return nil }
        return Letter(
            sender: publishing.author,
            accounthouder: Address(
                organisation: publishing.author.organisation, role: .accounthouder(region: content.region)),
            recipients: content.recipients, copies: content.copies)
    }

    private static func sees(_ letter: Letter, _ address: Address) -> Bool {
        if address == letter.sender || address == letter.accounthouder { return true }
        if address.organisation == letter.sender.organisation { return address.role == .registratuur }
        let named = letter.recipients + letter.copies
        return named.contains(address)
            || readers.contains(address.role.text) && named.contains { $0.organisation == address.organisation }
    }
}
