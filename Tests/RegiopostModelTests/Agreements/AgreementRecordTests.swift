import RegiopostModel
import RegiopostTestSupport
import Testing

/// “Concrete afspraken”: an agreement comes out of a held meeting, and fits it.
@Suite("An agreement comes out of a held meeting") struct AgreementRecordTests {
    private func refusal(
        _ story: inout Story, _ body: ChangeBody, needs: [ChangeID], by author: String = Story.accounthouder
    ) throws -> Refusal? {
        do {
            try story.send(try story.change(author, nil, .agreementRecord, body, needs: needs))
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }

    @Test("its kind, parties and owner are those of the meeting, and it needs the minutes") func fits() throws {
        var story = try Story()
        let (meeting, hold) = try story.heldMeeting()
        let other = story.nextID()
        let wrong: [(ChangeBody, [ChangeID], RefusalCode, String?)] = [
            (try story.agreement(of: meeting), [], .badField, "needs"),
            (try story.agreement(of: meeting), [other], .needsMissing, nil),
            (try story.agreement(of: meeting, kind: .conversation), [hold], .badField, "body.kind"),
            (try story.agreement(of: meeting, parties: ["gm0503"]), [hold], .badField, "body.parties"),
            (try story.agreement(of: meeting, parties: ["gm0518", "gm0503"]), [hold], .badField, "body.parties"),
            (try story.agreement(of: meeting, owner: "gm0603"), [hold], .badField, "body.owner"),
            (try story.agreement(of: meeting, owner: "pv30"), [hold], .badField, "body.owner"),
            (try story.agreement(of: other), [hold], .subjectUnknown, nil),
        ]
        for (body, needs, code, field) in wrong {
            let refusal = try refusal(&story, body, needs: needs)
            #expect(refusal?.code == code && refusal?.details["field"] == field, "\(body)")
        }
        for owner in ["gm0503", "gm0518", "pv28"] {
            #expect(try refusal(&story, try story.agreement(of: meeting, owner: owner), needs: [hold]) == nil)
        }
    }

    @Test("before the minutes there is nothing to record") func notHeld() throws {
        var story = try Story()
        let request = try story.accept(
            "gm0503/griffie", nil, .meetingRequest, try story.meeting(.briefing, invited: ["gm0518"]))
        let body = try story.agreement(of: request.id)
        #expect(try refusal(&story, body, needs: [])?.code == .illegalStep)
    }

    @Test(
        "only the meeting's account holder records",
        arguments: [
            "gm0503/griffie", "gm0503/college", "gm0518/griffie", "pv28/secretariaat",
            "pv28/accounthouder-drechtsteden",
        ])
    func others(author: String) throws {
        var story = try Story()
        let (meeting, hold) = try story.heldMeeting()
        let refusal = try refusal(&story, try story.agreement(of: meeting), needs: [hold], by: author)
        #expect(refusal?.code == .notAllowed || refusal?.code == .needsMissing || refusal?.code == .subjectUnknown)
    }

    @Test(
        "minutes and agreement are queued offline in one go; where the meeting was moved meanwhile, both are kept")
    func offline() throws {
        var story = try Story()
        let request = try story.accept("gm0503/griffie", nil, .meetingRequest, try story.meeting(.briefing))
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        try story.accept(
            Story.accounthouder, request.subject, .meetingConfirm,
            .meeting(.confirm(slot: slot, place: nil, note: nil)))
        var desk = story
        let hold = try desk.accept(
            Story.accounthouder, request.subject, .meetingHold,
            .meeting(.hold(MeetingStep.Minutes(text: "Besproken."))))
        let record = try desk.accept(
            Story.accounthouder, nil, .agreementRecord,
            try desk.agreement(of: request.id, parties: ["gm0503"]), needs: [hold.id])
        // The two that are queued keep their ids.
        _ = (story.nextID(), story.nextID())
        try story.accept(
            "gm0503/griffie", request.subject, .meetingReschedule,
            .meeting(.reschedule(slots: [slot], place: nil, reason: "Raad.")))
        #expect(try story.refusal(hold) == .conflict)
        #expect(try story.refusal(record) == .needsMissing)
        #expect(RefusalCode.conflict.retry == .afterSync && RefusalCode.needsMissing.retry == .afterSync)
    }

    @Test("the dossier is that of the letter it cites") func dossier() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let (meeting, hold) = try story.heldMeeting()
        let parties = try ["gm0503", "gm0518"].map { try #require(OrganisationCode($0)) }
        func content(_ dossier: String) -> ChangeBody {
            .agreementRecord(
                AgreementContent(
                    meeting: meeting, kind: .briefing, parties: parties, text: "Een lijst.", owner: parties[0],
                    dossier: DossierNumber(dossier), letter: letter.id))
        }
        #expect(try refusal(&story, content("DOS-2026-0000043"), needs: [hold])?.code == .dossierMismatch)
        #expect(try refusal(&story, content(Story.dossier), needs: [hold]) == nil)
    }
}
