import RegiopostModel

/// One entry of the directory that the files say otherwise, or that they don't mention.
struct DirectoryUpdate: Equatable {
    /// What the files make of an entry.
    enum Result: String {
        case added, changed
        /// It isn't in the files any more. Nothing is ever taken out of the directory, so it stays as it is.
        case kept
    }

    let subject: SubjectID
    let result: Result
    /// What it becomes; `nil` where it stays.
    let body: ChangeBody?

    /// What has to happen so that the directory says what the files say: regions first, then organisations, each in
    /// order. O(entries).
    static func difference(from directory: Directory, to files: DirectoryFiles) -> [DirectoryUpdate] {
        regions(directory, files) + organisations(directory, files)
    }

    private static func regions(_ directory: Directory, _ files: DirectoryFiles) -> [DirectoryUpdate] {
        let gone = Set(directory.regions.keys).subtracting(files.regions.map(\.name)).sorted()
        return files.regions.compactMap { region in
            update(.region(region.name), from: directory.regions[region.name], to: region, .regionSet(region))
        } + gone.map { DirectoryUpdate(subject: .region($0), result: .kept, body: nil) }
    }

    private static func organisations(_ directory: Directory, _ files: DirectoryFiles) -> [DirectoryUpdate] {
        let gone = Set(directory.organisations.keys).subtracting(files.organisations.map(\.code)).sorted()
        return files.organisations.compactMap { organisation in
            update(
                .organisation(organisation.code), from: directory.organisations[organisation.code],
                to: organisation, .organisationSet(organisation))
        } + gone.map { DirectoryUpdate(subject: .organisation($0), result: .kept, body: nil) }
    }

    private static func update<Entry: Equatable>(
        _ subject: SubjectID, from old: Entry?, to new: Entry, _ body: ChangeBody
    ) -> DirectoryUpdate? {
        guard old != new else { return nil }
        return DirectoryUpdate(subject: subject, result: old == nil ? .added : .changed, body: body)
    }
}
