import ArgumentParser
import RegiopostClient
import RegiopostModel

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "search", abstract: Help.search.here)

    @OptionGroup var options: GlobalOptions
    @Argument(help: ArgumentHelp(Help.searchWords.here)) var words: [String] = []
    @Option(name: .long, help: ArgumentHelp(Help.searchDossier.here)) var dossier: String?
    @Option(name: .long, help: ArgumentHelp(Help.searchDocument.here)) var document: String?
    @Option(name: .long, help: ArgumentHelp(Help.searchReference.here)) var reference: String?
    @Option(name: .long, help: ArgumentHelp(Help.searchMunicipality.here)) var municipality: String?
    @Option(name: .long, help: ArgumentHelp(Help.searchTheme.here)) var theme: String?
    @Option(name: .long, help: ArgumentHelp(Help.searchKind.here)) var kind: String?
    @Option(name: .long, help: ArgumentHelp(Help.searchLimit.here)) var limit = 20

    func validate() throws {
        guard (1...1_000).contains(limit) else { throw ValidationError("--limit 1…1000") }
    }

    func run() async throws {
        try await Desk.open(options) { desk in
            // The directory alone: a search needn't read the post.
            let entries = try await desk.workspace.store.entries(of: .directory)
            let directory = Directory(entries.compactMap { try? Change(line: $0.line) })
            let terms = try terms(in: directory)
            guard !terms.isEmpty || kind != nil else { throw Failure(.data, Texts.nothingToSearch) }
            guard terms.count <= SearchQuery.maximumTerms,
                terms.allSatisfy({ $0.text.utf8.count <= SearchQuery.maximumText })
            else {
                throw Failure(
                    .data, Texts.searchTooLong,
                    ["terms": String(SearchQuery.maximumTerms), "bytes": String(SearchQuery.maximumText)])
            }
            // One more than is shown, to know whether there is more.
            let hits = try await desk.workspace.store.search(SearchQuery(terms, kind: kind, limit: limit + 1))
            SearchPresentation(directory: directory, output: desk.output)
                .list(Array(hits.prefix(limit)), isMore: hits.count > limit, limit: limit)
        }
    }

    private func terms(in directory: Directory) throws -> [SearchQuery.Term] {
        var terms = SearchQuery.terms(of: words, in: directory)
        let fields: [(SearchQuery.Field, String?)] = [
            (.dossier, dossier), (.document, document), (.reference, reference), (.theme, theme),
        ]
        for (field, text) in fields { if let text { terms.append(SearchQuery.Term(field, text)) } }
        if let municipality {
            // A code that the directory doesn't have (any more) may still stand in old post.
            guard
                let code = directory.organisation(named: municipality)?.code
                    ?? OrganisationCode(municipality.lowercased())
            else { throw Failure(.data, Texts.noOrganisation, ["name": municipality]) }
            terms.append(SearchQuery.Term(.municipality, municipality, organisation: code))
        }
        return terms
    }
}
