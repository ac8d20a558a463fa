import RegiopostJSON
import RegiopostModel

extension Administration {
    /// What came back to a restored server and what is missing; of a server that doesn't recover, that it doesn't.
    func recoveryStatus() async throws -> [JSONValue] {
        guard let recovery else { return [.object(["kind": .string("recovery"), "state": .string("none")])] }
        return try await recovery.report().items
    }

    /// Ends the recovery.
    func endRecovery() async throws -> [JSONValue] {
        guard let recovery else { throw OperatorError(.data, Self.notRecovering) }
        return try await recovery.end()
    }

    private var recovery: Recovery? {
        open.service.recovery.map { desk in
            let folder = RecoveryFolder(folder: open.folder)
            return Recovery(
                service: open.service, desk: desk, close: { try folder.beginEnd() },
                finish: { report in _ = try folder.end(desk.state, report: report) })
        }
    }

    private static let notRecovering = Phrase(
        dutch: "Deze server wordt niet hersteld; er is niets af te sluiten. Een reservekopie zet u terug met: "
            + "regiopostd restore",
        english:
            "This server is not recovering; there is nothing to end. A backup is restored by: regiopostd restore")
}
