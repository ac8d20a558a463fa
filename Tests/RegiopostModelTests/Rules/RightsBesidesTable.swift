import RegiopostModel
import RegiopostTestSupport
import Testing

/// What comes beside the table of rights: whether the author may write anything, whose work it has taken over, whether the
/// letter is the organisation's to answer, and whether all who are named may read what is said.
enum RightsBesidesTable {
    private static let server = "pv28/regiopostd"

    /// Each case with its name.
    static func all() throws -> [(name: String, sample: RightsCase)] {
        [
            ("response.submit, after a mandate's end", try mandateEnded()),
            ("response.submit, before a mandate's beginning", try mandatePlanned()),
            ("response.submit, after a merger", try answerAfterMerger()),
            ("response.submit, of whom the letter isn't addressed to", try answerForOthers()),
            ("meeting.accept, after a merger", try meetingAfterMerger()),
            ("letter.publish, to somebody who may not read it", try secretLetter()),
            ("response.submit, at a level that not all may read", try secretAnswer()),
            ("meeting.request, at a level that not all may read", try secretMeeting()),
        ]
    }

    private static func day() throws -> CalendarDate { try #require(CalendarDate("2026-06-30")) }

    private static func published() throws -> (Story, ChangeID) {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter()).id
        return (story, letter)
    }

    private static func answer(_ story: Story, to letter: ChangeID, by code: String = "gm0503") throws -> RightsCase
    {
        let organisation = try #require(OrganisationCode(code))
        return RightsCase(
            story, .responseSubmit, .response(letter: letter, organisation: organisation), try story.response())
    }

    /// Delft's formateur is followed by a role that may not answer by itself.
    private static func mandateEnded() throws -> RightsCase {
        var (story, letter) = try published()
        let formateur = try #require(Address("gm0503/formateur"))
        let successor = try #require(Address("gm0503/registratuur"))
        let end = MandateEnd(address: formateur, on: try day(), successor: successor)
        try story.accept(server, .mandate(formateur), .mandateEnd, .mandateEnd(end))
        return try answer(story, to: letter)
    }

    private static func mandatePlanned() throws -> RightsCase {
        var (story, letter) = try published()
        let college = try #require(Address("gm0503/college"))
        let other = try #require(Address("gm0503/gemeentesecretaris"))
        try story.accept(
            server, .mandate(college), .mandateSet,
            .mandateSet(Mandate(address: college, from: try day(), successor: other)))
        return try answer(story, to: letter)
    }

    private static func answerAfterMerger() throws -> RightsCase {
        var (story, letter) = try published()
        try merge(&story)
        return try answer(story, to: letter)
    }

    private static func answerForOthers() throws -> RightsCase {
        let (story, letter) = try published()
        return try answer(story, to: letter, by: "gm0603")
    }

    private static func meetingAfterMerger() throws -> RightsCase {
        var story = try Story()
        let meeting = try story.accept("gm0503/griffie", nil, .meetingRequest, try story.meeting(.briefing)).subject
        let slot = try Story.slot("2026-05-12T19:30/21:00")
        try story.accept(
            Story.accounthouder, meeting, .meetingPropose, .meeting(.propose(slot: slot, place: nil, note: nil)))
        try merge(&story)
        return RightsCase(story, .meetingAccept, meeting, .meeting(.accept(note: nil)))
    }

    /// Only those who lead a municipality read what is `geheim`.
    private static func secretLetter() throws -> RightsCase {
        let story = try Story()
        guard case .letterPublish(let plain) = try story.letter() else { throw Story.NoDraft() }
        let content = LetterContent(
            dossier: plain.dossier, document: plain.document, date: plain.date, title: plain.title,
            region: plain.region, signatories: plain.signatories, recipients: plain.recipients,
            copies: plain.copies,
            confidentiality: .geheim, text: plain.text)
        return RightsCase(story, .letterPublish, nil, .letterPublish(content))
    }

    private static func secretAnswer() throws -> RightsCase {
        let (story, letter) = try published()
        let organisation = try #require(OrganisationCode("gm0503"))
        let answer = AnswerContent(
            dossier: DossierNumber(Story.dossier), text: "Graag.", confidentiality: .geheim)
        let content = ResponseContent(route: try story.route(), roles: [.formateur, .griffie], answer: answer)
        return RightsCase(
            story, .responseSubmit, .response(letter: letter, organisation: organisation), .responseSubmit(content))
    }

    private static func secretMeeting() throws -> RightsCase {
        let accounthouder = try #require(Address(Story.accounthouder))
        let content = MeetingContent(
            kind: .expertTeam, accounthouder: accounthouder, confidentiality: .confidentieel)
        return RightsCase(try Story(), .meetingRequest, nil, .meetingRequest(content))
    }

    /// Delft becomes part of Den Haag.
    private static func merge(_ story: inout Story) throws {
        let into = try #require(OrganisationCode("gm0518"))
        let merger = Merger(
            organisations: [try #require(OrganisationCode("gm0503"))], into: into, from: try day())
        try story.accept(server, .organisation(into), .organisationMerge, .organisationMerge(merger))
    }
}
