import Glibc
import RegiopostFiles
import RegiopostJSON
import RegiopostModel

/// The folder that is there while a server recovers, in its data folder. Its end is one renaming: there is no moment at
/// which nobody can tell whether the server recovers.
///
///     recovery/state.json      how far the backup goes
///     recovery/returned.log    what clients have given back, one line a change
///     recovery/ending          there from when the operator has begun to end it
///     recovery-EPOCH/          the same after the end, with report.json
struct RecoveryFolder: Sendable {
    let folder: DataFolder

    private var path: String { folder.path + "/recovery" }
    private var state: String { path + "/state.json" }
    var returned: String { path + "/returned.log" }
    private var ending: String { path + "/ending" }

    /// Makes the folder of a recovery that begins.
    func begin(_ state: RecoveryState) throws(OperatorError) {
        do throws(FileError) { try DurableFile.makeFolder(path) } catch {
            throw .system(error.number, OperatorError.cannotWrite, error.path)
        }
        try FolderFile.write(state.json.encoded() + [UInt8(ascii: "\n")], to: self.state, mode: 0o600)
    }

    /// The recovery that is under way; `nil` where none is.
    func current() throws(OperatorError) -> RecoveryState? {
        guard access(path, F_OK) == 0 else { return nil }
        let bytes = try FolderFile.read(state)
        guard let json = try? JSONReader.read(bytes), let state = RecoveryState(json: json) else {
            throw OperatorError(.configuration, Self.broken, ["path": state])
        }
        return state
    }

    /// Notes that the end has begun: some of what came back may be in the journal from then on.
    func beginEnd() throws(OperatorError) { try FolderFile.write([], to: ending, mode: 0o600) }

    /// Whether it has begun.
    var isEnding: Bool { access(ending, F_OK) == 0 }

    /// Keeps the report and ends the recovery, in one step.
    ///
    /// - Returns: where everything of it lies from now on.
    func end(_ state: RecoveryState, report: [JSONValue]) throws(OperatorError) -> String {
        let lines = report.flatMap { $0.encoded() + [UInt8(ascii: "\n")] }
        try FolderFile.write(lines, to: path + "/report.json", mode: 0o600)
        let done = path + "-" + state.epoch
        do throws(FileError) { try DurableFile.move(path, to: done) } catch {
            throw .system(error.number, OperatorError.cannotWrite, error.path)
        }
        return done
    }

    private static let broken = Phrase(
        dutch:
            "{path} is niet te lezen; de server start niet, want hij weet niet wat hij moet terugvragen. Zet opnieuw "
            + "terug: regiopostd restore.",
        english:
            "{path} can't be read; the server doesn't start, as it doesn't know what to take back. Restore again: "
            + "regiopostd restore.")
}
