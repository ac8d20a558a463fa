import RegiopostCrypto
import RegiopostJSON
import RegiopostJournal
import RegiopostModel
import RegiopostWire

/// Does what operators ask, the same way whether a server runs or not.
public struct Administration: Sendable {
    /// What is known only while a server runs.
    struct Running: Sendable {
        /// The port that it listens on.
        let port: Int
        /// How many connections stand.
        let connections: @Sendable () -> Int
        /// Ends the connections that use one of these certificates.
        let revoke: @Sendable (Set<String>) -> Void
        /// Since when it runs.
        let since: Timestamp
        /// Why nothing is written any more, if that is so.
        let failure: @Sendable () -> JournalError?
    }

    let open: OpenFolder
    let running: Running?
    let clock: @Sendable () -> Timestamp

    var journal: any Journal & SettingStore { open.storage.journal }
    var enrolment: any EnrolmentStore { open.storage.enrolment }
    var province: OrganisationCode { open.configuration.province }

    /// Does it.
    public func perform(_ request: AdministrationRequest) async -> AdministrationReply {
        do {
            switch request {
            case .invite(let address): return AdministrationReply(items: [try await invite(address)])
            case .revoke(let what): return AdministrationReply(items: try await revoke(what))
            case .status: return AdministrationReply(items: [try await status()])
            case .certificates: return AdministrationReply(items: try await certificates())
            case .renewServer(let names): return AdministrationReply(items: [try renewServer(names)])
            case .verify: return try await Verification(administration: self).run()
            case .loadDirectory: return AdministrationReply(items: try await loadDirectory())
            case .showDirectory: return AdministrationReply(items: try await showDirectory())
            case .recoveryStatus: return AdministrationReply(items: try await recoveryStatus())
            case .recoveryEnd: return AdministrationReply(items: try await endRecovery())
            case .order(let order): return AdministrationReply(items: try await clerk.perform(order))
            }
        } catch let error as OperatorError {
            return AdministrationReply(error: error)
        } catch let error as JournalError {
            return AdministrationReply(error: OperatorError(error))
        } catch {
            let text = String(describing: error)
            return AdministrationReply(error: OperatorError(.software, dutch: text, english: text))
        }
    }

    // MARK: Who may come in

    private func invite(_ text: String) async throws -> JSONValue {
        let directory = try await SubjectCache.directory(of: journal)
        let address = try AddressLookup(directory: directory, province: province).invitee(text)
        if let refusal = directory.refusal(of: address), refusal.code != .mandateNotStarted {
            let isEnded = refusal.code == .mandateEnded
            throw OperatorError(.data, isEnded ? Self.mandateEnded : Self.abolished, refusal.details)
        }
        let (secret, expires) = try await open.service.desk.invite(address)
        guard let pin = Digest(bytes: open.authority.certificate.publicKeyDigest),
            let invitation = InvitationText(
                host: open.configuration.name, port: running?.port ?? open.configuration.port, address: address,
                secret: secret, pin: pin)
        else {
            throw OperatorError(
                .configuration, Self.badName,
                ["name": open.configuration.name, "path": open.folder.configuration])
        }
        return .object([
            "address": .string(address.text), "invitation": .string(invitation.text),
            "expires": .string(expires.text),
        ])
    }

    private func revoke(_ what: String) async throws -> [JSONValue] {
        let now = clock()
        let serials: [String]
        if let address = Address(what) {
            let given = try await enrolment.certificates().filter { $0.address == address }
            // Connections end even where the disk no longer takes the revocation.
            running?.revoke(Set(given.map(\.serial)))
            serials = try await enrolment.revoke(address: address, at: now)
            let hasCertificates = !given.isEmpty
            let hasInvitations = try await enrolment.invitations().contains { $0.address == address }
            guard hasCertificates || hasInvitations else {
                throw OperatorError(.noInput, Self.nothingGiven, ["address": what])
            }
        } else {
            guard let known = try await enrolment.certificate(serial: what) else {
                throw OperatorError(.noInput, Self.noSuchCertificate, ["serial": what])
            }
            running?.revoke([known.serial])
            serials = try await enrolment.revoke(serial: known.serial, at: now) ? [known.serial] : []
        }
        // One that was issued in between is among those the disk knows.
        running?.revoke(Set(serials))
        return serials.map { .object(["serial": .string($0), "revoked": .string(now.text)]) }
    }

    private func certificates() async throws -> [JSONValue] {
        let now = clock()
        return try await enrolment.certificates().map { certificate in
            let state =
                certificate.revokedAt != nil ? "revoked" : certificate.expires <= now ? "expired" : "valid"
            return .object([
                "serial": .string(certificate.serial), "address": .string(certificate.address.text),
                "state": .string(state), "issued": .string(certificate.issuedAt.text),
                "expires": .string(certificate.expires.text),
                "revoked": certificate.revokedAt.map { .string($0.text) },
            ])
        }
    }

    // MARK: The directory

    var writer: DirectoryWriter {
        DirectoryWriter(
            journal: journal, sequencer: open.service.sequencer, server: open.service.address, clock: clock)
    }

    private var clerk: DirectoryClerk {
        DirectoryClerk(writer: writer, province: province) { address in
            let given = try await enrolment.certificates().contains { $0.address == address }
            return given ? try await revoke(address.text).compactMap { $0["serial"]?.string } : []
        }
    }

    private func loadDirectory() async throws -> [JSONValue] {
        let files = try DirectoryFiles.read(open.folder, province: province)
        return try await DirectoryLoader(writer: writer).load(files).map { update in
            .object(["subject": .string(update.subject.text), "result": .string(update.result.rawValue)])
        }
    }

    private func showDirectory() async throws -> [JSONValue] {
        let directory = try await SubjectCache.directory(of: journal)
        let regions = directory.regions.values.sorted { $0.name < $1.name }.map { region in
            DirectoryClerk.json(region, directory.handovers[region.name] ?? [])
        }
        let organisations = DirectoryClerk.organisations(in: directory)
        let mandates = directory.mandates.values.sorted { $0.address < $1.address }.map(DirectoryClerk.json)
        return regions + organisations + mandates
    }

    private static let mandateEnded = Phrase(
        dutch:
            "Het mandaat van {address} eindigde op {on}; nodig {successor} uit, of leg een nieuw mandaat vast met: "
            + "regiopostd mandate set {address} --from …",
        english:
            "The mandate of {address} ended on {on}; invite {successor}, or set a new mandate by: "
            + "regiopostd mandate set {address} --from …")
    private static let abolished = Phrase(
        dutch:
            "{name} ({organisation}) bestaat niet meer sinds {from}; nodig {successor-name} ({successor}) uit.",
        english: "{name} ({organisation}) no longer exists since {from}; invite {successor-name} ({successor}).")
    private static let badName = Phrase(
        dutch: "Met de naam \"{name}\" uit {path} kan geen uitnodiging worden gemaakt. Verbeter die naam.",
        english: "No invitation can be made with the name \"{name}\" from {path}. Correct that name.")
    private static let nothingGiven = Phrase(
        dutch: "Voor {address} is geen uitnodiging en geen certificaat uitgegeven; er is niets in te trekken.",
        english: "No invitation and no certificate was given to {address}; there is nothing to revoke.")
    private static let noSuchCertificate = Phrase(
        dutch: "\"{serial}\" is geen adres en geen serienummer van een certificaat. Er is niets ingetrokken; "
            + "zie: regiopostd certificates",
        english: "\"{serial}\" is no address and no serial number of a certificate. Nothing was revoked; "
            + "see: regiopostd certificates")
}
