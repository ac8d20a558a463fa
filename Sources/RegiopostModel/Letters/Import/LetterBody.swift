/// What a letter says between salutation and closing formula.
struct LetterBody {
    /// The text before the first heading, as it stands.
    let introduction: String
    /// The themes in order.
    let themes: [LetterDraft.Theme]
    /// The sentences that ask for something.
    let requests: [LetterDraft.ActionRequest]
    /// The points of the lists of support.
    let support: [LetterDraft.SupportOffer]
    /// What else is offered.
    let offers: Set<Offer>
    /// What each line is.
    let kinds: [LetterPart.Kind]

    private static let asking: [StaticString] = [
        "we verzoeken u", "wij verzoeken u", "verzoeken wij u", "verzoeken we u", "we vragen u", "wij vragen u",
        "vragen wij u", "vragen we u", "graag ontvangen wij", "graag ontvangen we", "ontvangen wij graag",
        "ontvangen we graag",
    ]
    private static let supporting: [StaticString] = [
        "ondersteun", "verwachten", "bieden", "aanbod", "aanbied", "hulp", "helpen",
    ]
    private static let mentioned: [(offer: Offer, words: [StaticString])] = [
        (.conversation, ["accounthouder"]),
        (.knowledgeSession, ["kennissessie", "webinar", "workshop"]),
        (.expertTeam, ["expertteam", "vliegende brigade"]),
    ]

    /// Reads the lines of a body. O(bytes).
    init(_ lines: ArraySlice<LetterLine>) {
        let sections = Self.sections(of: LetterBlock.blocks(of: lines))
        let starts = sections.dropFirst().compactMap { $0.heading?.line }
        let kinds = lines.map { line in
            let theme = starts.partitioningIndex { $0 > line.number } - 1
            return theme < 0 ? LetterPart.Kind.introduction : .theme(theme)
        }
        let texts = Self.texts(of: lines, sections: sections)
        self.kinds = kinds
        introduction = texts.introduction
        themes = zip(sections.dropFirst(), texts.themes).compactMap { section, text in
            section.heading.map { LetterDraft.Theme(heading: $0.text, text: text, line: $0.line) }
        }
        requests = sections.flatMap(Self.requests)
        support = sections.flatMap(Self.support)
        offers = sections.flatMap(\.blocks).reduce(into: []) { $0.formUnion(Self.offers(in: FoldedText($1.text))) }
    }

    /// Whether a sentence asks its reader to do something.
    static func asksForAction(_ sentence: FoldedText) -> Bool {
        sentence.contains(anyOf: asking) && !isReferenceInstruction(sentence)
    }

    /// Whether a sentence asks no more than to cite the letter's reference.
    static func isReferenceInstruction(_ sentence: FoldedText) -> Bool {
        sentence.contains(anyOf: ["vermeld", "te noemen"])
            && sentence.contains(anyOf: ["dos-nummer", "dossiernummer", "kenmerk", "dos-2"])
    }
}

extension LetterBody {
    /// A heading and the blocks under it; the first section has no heading.
    private struct Section {
        let heading: LetterBlock?
        var blocks: [LetterBlock] = []
    }

    private static func sections(of blocks: [LetterBlock]) -> [Section] {
        var sections = [Section(heading: nil)]
        for block in blocks {
            if block.kind == .heading {
                sections.append(Section(heading: block))
            } else {
                sections[sections.count - 1].blocks.append(block)
            }
        }
        return sections
    }

    /// The introduction and each theme's text without its heading, lines as they stand.
    private static func texts(
        of lines: ArraySlice<LetterLine>, sections: [Section]
    ) -> (introduction: String, themes: [String]) {
        let headings = sections.dropFirst().compactMap(\.heading)
        // A line's index in the letter is one less than its number.
        let starts = headings.map { $0.line - 1 } + [lines.endIndex]
        let introduction = lines[..<starts[0]]
        let themes = zip(headings, starts.dropFirst()).map { heading, end in
            lines[(heading.line - 1 + heading.lines.count)..<end]
        }
        return (LetterReader.joined(introduction.map(\.raw)), themes.map { LetterReader.joined($0.map(\.raw)) })
    }

    private static func requests(in section: Section) -> [LetterDraft.ActionRequest] {
        section.blocks.flatMap { block in
            Sentences.split(block.text).filter { asksForAction(FoldedText($0)) }.map { sentence in
                LetterDraft.ActionRequest(text: sentence, theme: section.heading?.text, line: block.line)
            }
        }
    }

    /// The bullets of a section that come after its heading or a paragraph spoke of support.
    private static func support(in section: Section) -> [LetterDraft.SupportOffer] {
        var speaksOfSupport = section.heading.map { FoldedText($0.text).contains(anyOf: supporting) } ?? false
        var offers: [LetterDraft.SupportOffer] = []
        for block in section.blocks {
            if block.kind == .bullet {
                guard speaksOfSupport else { continue }
                let kind = SupportGuess.kind(of: block.text)
                offers.append(LetterDraft.SupportOffer(text: block.text, kind: kind, line: block.line))
            } else {
                speaksOfSupport = speaksOfSupport || FoldedText(block.text).contains(anyOf: supporting)
            }
        }
        return offers
    }

    private static func offers(in text: FoldedText) -> [Offer] {
        var offers = mentioned.filter { text.contains(anyOf: $0.words) }.map(\.offer)
        // An explanation is a briefing only where it is one for the council.
        let explains = text.contains(anyOf: ["toelichting", "inwerkperiode", "inwerkprogramma", "raadsbijeenkomst"])
        if explains, text.contains(anyOf: ["raadsleden", "gemeenteraad", "gemeenteraden", "raadslid"]) {
            offers.append(.councilBriefing)
        }
        return offers
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element `isPast`, in a collection where all such come last. O(log count).
    fileprivate func partitioningIndex(where isPast: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if isPast(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
