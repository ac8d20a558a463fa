import ArgumentParser
import Foundation
import RegiopostClient
import RegiopostClientSQLite
import RegiopostCrypto
import RegiopostJSON
import RegiopostModel

/// What a command works with: the profile, its workspace, and where to say things.
struct Desk {
    let profile: Profile
    let workspace: Workspace
    let output: Output

    /// Opens the profile that the options name, runs the body and turns errors into sentences and exit codes.
    static func open(_ options: GlobalOptions, _ body: (Desk) async throws -> Void) async throws {
        let output = Output(language: options.language ?? .here, isJSON: options.json)
        try await output.reporting {
            let profile = try Profile(folder: options.folder)
            let store = try SQLiteClientStore(path: profile.storePath)
            let workspace = Workspace(address: profile.address, store: store, surroundings: .real)
            try await body(Desk(profile: profile, workspace: workspace, output: output))
        }
    }

    /// Opens the profile and writes what the body makes of what is there.
    static func write(
        _ options: GlobalOptions, _ make: (Desk, View) throws -> Workspace.Intent
    ) async throws {
        try await open(options) { desk in
            let view = try await desk.workspace.view()
            try await desk.write(try make(desk, view), in: view)
        }
    }

    /// Writes an intent and says what came of it.
    ///
    /// - Parameter warnings: what its text was found to be like, where that was said already; otherwise it is looked
    ///   over here.
    @discardableResult func write(
        _ intent: Workspace.Intent, in view: View, warnings: [LetterWarning]? = nil
    ) async throws -> Workspace.Written {
        let found = warnings ?? TextChecks.warnings(in: intent.body, dossier: dossier(of: intent, in: view))
        if warnings == nil { output.warn(found) }
        let written = try await workspace.write(intent, in: view)
        output.queued(written, warnings: found)
        return written
    }

    /// The dossier of the letter or meeting that an intent is about.
    private func dossier(of intent: Workspace.Intent, in view: View) -> DossierNumber? {
        let subject: SubjectID? =
            switch intent.subject {
            case .response(let letter, _), .receipt(let letter, _): .letter(letter)
            default: intent.subject
            }
        switch subject.flatMap({ view.correspondence.subject($0) })?.state {
        case .letter(let letter): return letter.content.dossier
        case .meeting(let meeting): return meeting.content.dossier
        default: return nil
        }
    }

    // MARK: Finding what is meant

    func letter(_ handle: String, in view: View) throws -> (id: ChangeID, state: LetterState) {
        try one(of: view.letters, handle, Texts.noLetter) { [$0.content.dossier.text, $0.content.document.text] }
    }

    func meeting(_ handle: String, in view: View) throws -> (id: ChangeID, state: MeetingState) {
        try one(of: view.meetings, handle, Texts.noMeeting)
    }

    /// The one that a handle names, by its id or by one of the numbers that such a state has.
    func one<State>(
        of all: [(id: ChangeID, state: State)], _ handle: String, _ none: Phrase,
        numbers: (State) -> [String] = { _ in [] }
    ) throws -> (id: ChangeID, state: State) {
        let candidates = all.map { (id: $0.id, numbers: numbers($0.state)) }
        let id = try one(Handle.find(handle, among: candidates), handle, none)
        guard let found = all.first(where: { $0.id == id }) else {
            throw Failure(.data, none, ["handle": handle])
        }
        return found
    }

    func one(_ found: Handle.Found, _ handle: String, _ none: Phrase) throws -> ChangeID {
        switch found {
        case .one(let id): return id
        case .none: throw Failure(.data, none, ["handle": handle])
        case .several(let ids):
            let list = ids.map(Handle.text).joined(separator: ", ")
            throw Failure(.data, Texts.several, ["handle": handle, "list": list])
        }
    }

    func organisation(_ text: String, in view: View) throws -> Organisation {
        guard let found = view.correspondence.directory.organisation(named: text) else {
            throw Failure(.data, Texts.noOrganisation, ["name": text])
        }
        return found
    }

    /// The organisation meant, or the one that took over where that was abolished, with a warning.
    func existing(_ text: String, in view: View) throws -> Organisation {
        let directory = view.correspondence.directory
        let found = try organisation(text, in: view)
        let current = directory.holder(of: found.code)
        guard current != found.code, let successor = directory.organisations[current] else { return found }
        output.warn(
            output.text(
                ConfidentialityTexts.successorOrganisation,
                ["name": found.shortName, "successor": successor.shortName]))
        return successor
    }

    /// The account holder of one's own region.
    func accounthouder(in view: View) throws -> Address {
        guard let region = view.correspondence.directory.region(of: profile.address.organisation),
            let address = region.accounthouder
        else { throw Failure(.data, Texts.noRegion, ["name": profile.address.organisation.text]) }
        return address
    }

    func slots(_ texts: [String]) throws -> [Slot] {
        try texts.map { text in
            guard let slot = Slot(text) else { throw Failure(.data, Texts.badSlot, ["slot": text]) }
            return slot
        }
    }
}

extension Workspace.Surroundings {
    /// The machine's clock, OpenSSL's randomness and hash.
    static let real = Workspace.Surroundings(
        clock: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
        random: { (SystemRandom.word(), SystemRandom.word()) },
        digest: { bytes in
            guard let digest = Digest(bytes: SHA256.hash(bytes)) else {
                preconditionFailure("SHA-256 has 32 bytes")
            }
            return digest
        })
}

/// The text of `--text`, of a file, or of standard input where the file is `-`.
enum TextSource {
    static func read(file: String) throws -> String {
        do {
            let data =
                file == "-"
                ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: file))
            guard let text = String(validating: data, as: UTF8.self) else {
                throw Failure(.data, Texts.notUTF8, ["path": file])
            }
            return text
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.noInput, Texts.noFile, ["path": file])
        }
    }
}
