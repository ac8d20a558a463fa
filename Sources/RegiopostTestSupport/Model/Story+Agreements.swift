import RegiopostModel
import Testing

/// A briefing of Delft's and Den Haag's councils that was held, and what it came to.
extension Story {
    /// What an agreement says that comes out of such a meeting.
    public func agreement(
        of meeting: ChangeID, kind: MeetingContent.Kind = .briefing, parties: [String] = ["gm0503", "gm0518"],
        owner: String = "gm0503", due: String? = "2026-06-30", dossier: String? = nil
    ) throws -> ChangeBody {
        .agreementRecord(
            AgreementContent(
                meeting: meeting, kind: kind, parties: parties.compactMap(OrganisationCode.init(_:)),
                text: "Delft levert een lijst van bouwlocaties.", owner: try #require(OrganisationCode(owner)),
                due: due.flatMap(CalendarDate.init(_:)), dossier: dossier.flatMap(DossierNumber.init(_:))))
    }

    /// A programme of those municipalities.
    public func programme(_ parties: [String] = ["gm0503", "gm0518"], region: String = "haagse-regio") -> ChangeBody
    {
        .programmeStart(
            ProgrammeContent(
                name: "Bouwen", region: region, parties: parties.compactMap(OrganisationCode.init(_:))))
    }

    /// Plays a meeting from request to minutes.
    ///
    /// - Returns: the meeting's id, and its `meeting.hold`'s.
    public mutating func heldMeeting(
        _ kind: MeetingContent.Kind = .briefing, by author: String = "gm0503/griffie"
    ) throws -> (meeting: ChangeID, hold: ChangeID) {
        let request = try accept(author, nil, .meetingRequest, try meeting(kind, invited: ["gm0518", "gm0603"]))
        let slot = try Self.slot("2026-05-12T19:30/21:00")
        let code = try #require(OrganisationCode("gm0518"))
        let steps: [MeetingStep] = [
            .confirm(slot: slot, place: nil, note: nil),
            .hold(MeetingStep.Minutes(text: "Besproken.", present: [code])),
        ]
        var last = request.id
        for step in steps {
            last = try accept(Self.accounthouder, request.subject, step.type, .meeting(step)).id
        }
        return (request.id, last)
    }

    /// Plays on to an agreement, which Delft sees to unless said otherwise.
    public mutating func recordedAgreement(owner: String = "gm0503") throws -> SubjectID {
        let (meeting, hold) = try heldMeeting()
        let body = try agreement(of: meeting, owner: owner)
        return try accept(Self.accounthouder, nil, .agreementRecord, body, needs: [hold]).subject
    }
}
