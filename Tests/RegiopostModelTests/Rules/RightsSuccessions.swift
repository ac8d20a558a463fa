import RegiopostModel
import RegiopostTestSupport
import Testing

/// What comes before the table of rights: whether the author may write anything, whose work it has taken over, and whether
/// the letter is the organisation's to answer.
enum Successions {
    private static let server = "pv28/regiopostd"

    /// Each case with its name.
    static func all() throws -> [(name: String, sample: RightsCase)] {
        [
            ("response.submit, after a mandate's end", try mandateEnded()),
            ("response.submit, before a mandate's beginning", try mandatePlanned()),
            ("response.submit, after a merger", try answerAfterMerger()),
            ("response.submit, of whom the letter isn't addressed to", try answerForOthers()),
            ("meeting.accept, after a merger", try meetingAfterMerger()),
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

    /// Delft becomes part of Den Haag.
    private static func merge(_ story: inout Story) throws {
        let into = try #require(OrganisationCode("gm0518"))
        let merger = Merger(
            organisations: [try #require(OrganisationCode("gm0503"))], into: into, from: try day())
        try story.accept(server, .organisation(into), .organisationMerge, .organisationMerge(merger))
    }
}
