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
            let known = directory.regions[region.name]
            let said = region.keeping(known)
            return update(.region(region.name), from: known, to: said, .regionSet(said))
        } + gone.map { DirectoryUpdate(subject: .region($0), result: .kept, body: nil) }
    }

    private static func organisations(_ directory: Directory, _ files: DirectoryFiles) -> [DirectoryUpdate] {
        let gone = Set(directory.organisations.keys).subtracting(files.organisations.map(\.code)).sorted()
        return files.organisations.compactMap { organisation in
            let known = directory.organisations[organisation.code]
            let said = organisation.keeping(known)
            return update(.organisation(organisation.code), from: known, to: said, .organisationSet(said))
        } + gone.map { DirectoryUpdate(subject: .organisation($0), result: .kept, body: nil) }
    }

    private static func update<Entry: Equatable>(
        _ subject: SubjectID, from old: Entry?, to new: Entry, _ body: ChangeBody
    ) -> DirectoryUpdate? {
        guard old != new else { return nil }
        return DirectoryUpdate(subject: subject, result: old == nil ? .added : .changed, body: body)
    }
}

extension Region {
    /// With the contact that is known where the files leave it blank: hand-overs are written down by a command.
    fileprivate func keeping(_ known: Region?) -> Region {
        guard contact == Contact(), let known else { return self }
        return Region(name: name, title: title, province: province, contact: known.contact) ?? self
    }
}

extension Organisation {
    /// With the days that are known and the files have no column for.
    fileprivate func keeping(_ known: Organisation?) -> Organisation {
        guard let known else { return self }
        return Organisation(
            code: code, name: name, shortName: shortName,
            memberships: known.regions == regions ? known.memberships : memberships, until: until ?? known.until,
            successor: successor ?? known.successor)
    }
}
