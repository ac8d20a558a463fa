import RegiopostJournal
import RegiopostModel
import RegiopostTestSupport
import Testing

@testable import RegiopostServer

@Suite("The folds that are kept") struct SubjectCacheTests {
    @Test("what is needed again and again stays, and what isn't goes") func recency() throws {
        var story = try Story()
        let letter = try story.accept(Story.secretariaat, nil, .letterPublish, try story.letter())
        let code = try #require(OrganisationCode("gm0503"))
        let answer = try story.change(
            "gm0503/college", .response(letter: letter.id, organisation: code), .responseSubmit,
            try story.response())
        var cache = SubjectCache(capacity: 8)
        #expect(cache.need(Rules.subjects(neededBy: answer), for: answer).contains(letter.subject))
        cache.set(try folded(letter), after: letter)
        cache.settled()
        var requests: [Change] = []
        for _ in 0..<40 {
            let request = try story.change("gm0503/college", nil, .meetingRequest, try story.meeting())
            #expect(!cache.need(Rules.subjects(neededBy: answer), for: answer).contains(letter.subject))
            cache.set(try folded(request), after: request)
            cache.settled()
            requests.append(request)
        }
        let kept = requests.filter { cache.subject($0.subject) != nil }
        #expect(kept.count < 8 && kept.map(\.id) == requests.suffix(kept.count).map(\.id))
        #expect(cache.subject(letter.subject)?.head == letter.id)
    }

    private func folded(_ change: Change) throws -> Subject {
        var subject = Subject(id: change.subject)
        try subject.apply(
            change, digest: try ProposalMaker.digest(of: change.line()), receivedAt: Timestamp(milliseconds: 1))
        return subject
    }
}
