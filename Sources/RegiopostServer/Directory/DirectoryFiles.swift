import Glibc
import RegiopostModel

/// What the directory's files say: organisations and regions, checked against each other.
///
/// `regions.csv` has the columns `name`, `title`, `contact_name`, `contact_mail` and `contact_phone`; `organisations.csv`
/// has `code`, `name`, `short_name` and for each classification of regions a column such as `region.bestuurlijk`.
/// `abolished.csv`, which may be missing, has `code`, `name`, `short_name`, `until` and `successor`: who stands there has
/// ended, whatever stands elsewhere.
struct DirectoryFiles: Equatable {
    /// By code.
    let organisations: [Organisation]
    /// By name.
    let regions: [Region]

    static let organisationColumns = ["code", "name", "short_name"]
    static let regionColumns = ["name", "title", "contact_name", "contact_mail", "contact_phone"]
    static let abolishedColumns = ["code", "name", "short_name", "until", "successor"]
    static let classificationPrefix = "region."

    /// Reads both files of a data folder.
    static func read(_ folder: DataFolder, province: OrganisationCode) throws(OperatorError) -> DirectoryFiles {
        let hasAbolished = access(folder.abolished, F_OK) == 0
        return try DirectoryFiles(
            organisations: try FolderFile.read(folder.organisations),
            regions: try FolderFile.read(folder.regions),
            abolished: hasAbolished ? try FolderFile.read(folder.abolished) : nil, province: province)
    }

    /// Reads the bytes of the files. Throws all mistakes at once.
    init(
        organisations: [UInt8], regions: [UInt8], abolished: [UInt8]? = nil, province: OrganisationCode
    ) throws(OperatorError) {
        var mistakes: [DirectoryMistake] = []
        var regionSheet = DirectorySheet("directory/regions.csv", regions, Self.regionColumns, &mistakes)
        let readRegions = Self.regions(&regionSheet, province)
        mistakes += regionSheet.mistakes
        var sheet = DirectorySheet(
            "directory/organisations.csv", organisations, Self.organisationColumns, &mistakes,
            prefix: Self.classificationPrefix)
        let read = Self.organisations(&sheet, Set(readRegions.map(\.name)))
        if sheet.isReadable, !read.contains(where: { $0.code == province }) {
            sheet.add(.ownProvinceMissing(province.text), at: CSVTable.Place(line: 1, column: 1))
        }
        mistakes += sheet.mistakes
        var ended: [Organisation] = []
        if let abolished {
            var sheet = DirectorySheet("directory/abolished.csv", abolished, Self.abolishedColumns, &mistakes)
            ended = Self.abolished(&sheet)
            mistakes += sheet.mistakes
        }
        guard mistakes.isEmpty else { throw DirectoryMistake.error(mistakes) }
        let gone = Set(ended.map(\.code))
        self.organisations = (read.filter { !gone.contains($0.code) } + ended).sorted { $0.code < $1.code }
        self.regions = readRegions.sorted { $0.name < $1.name }
    }

    private static func regions(_ sheet: inout DirectorySheet, _ province: OrganisationCode) -> [Region] {
        var regions: [Region] = []
        for row in sheet.rows {
            let name = sheet.key("name", of: row) { RegionName.isValid($0) ? nil : .notRegionName($0) }
            let title = sheet.text("title", of: row, maximum: 200)
            let contact = Region.Contact(
                name: sheet.optionalText("contact_name", of: row, maximum: 200),
                mail: sheet.optionalText("contact_mail", of: row, maximum: 200),
                phone: sheet.optionalText("contact_phone", of: row, maximum: 50))
            guard let name, let title,
                let region = Region(name: name, title: title, province: province, contact: contact)
            else { continue }
            regions.append(region)
        }
        return regions
    }

    private static func abolished(_ sheet: inout DirectorySheet) -> [Organisation] {
        var organisations: [Organisation] = []
        for row in sheet.rows {
            let code = sheet.key("code", of: row) { OrganisationCode($0) == nil ? .notCode($0) : nil }
            let name = sheet.text("name", of: row, maximum: 200)
            let shortName = sheet.text("short_name", of: row, maximum: 200)
            let until = sheet.text("until", of: row, maximum: 10)
            let successor = sheet.text("successor", of: row, maximum: 6)
            guard let code = code.flatMap(OrganisationCode.init(_:)), let name, let shortName, let until,
                let successor
            else { continue }
            guard let date = CalendarDate(until) else {
                sheet.add(.notDate(until), in: "until", of: row)
                continue
            }
            guard let into = OrganisationCode(successor), into != code else {
                sheet.add(.notCode(successor), in: "successor", of: row)
                continue
            }
            organisations.append(
                Organisation(
                    code: code, name: name, shortName: shortName, memberships: [], until: date, successor: into))
        }
        return organisations
    }

    private static func organisations(_ sheet: inout DirectorySheet, _ regions: Set<String>) -> [Organisation] {
        var organisations: [Organisation] = []
        for row in sheet.rows {
            let code = sheet.key("code", of: row) { OrganisationCode($0) == nil ? .notCode($0) : nil }
            let name = sheet.text("name", of: row, maximum: 200)
            let shortName = sheet.text("short_name", of: row, maximum: 200)
            var memberships: [String: String] = [:]
            for classification in sheet.classifications {
                let column = classificationPrefix + classification
                guard let region = sheet.optionalText(column, of: row, maximum: 40) else { continue }
                if !regions.contains(region) { sheet.add(.regionUnknown(region), in: column, of: row) }
                memberships[classification] = region
            }
            guard let code = code.flatMap(OrganisationCode.init(_:)), let name, let shortName else { continue }
            organisations.append(
                Organisation(code: code, name: name, shortName: shortName, regions: memberships))
        }
        return organisations
    }
}
