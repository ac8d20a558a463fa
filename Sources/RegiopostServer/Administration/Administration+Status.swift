import RegiopostCrypto
import RegiopostJSON
import RegiopostJournal
import RegiopostModel

extension Administration {
    /// From so many days before its end on, a certificate is warned about.
    static let warningDays: Int64 = 60

    /// What deserves the operator's attention. The raw values are the names in JSON.
    enum Warning: String {
        case journalFailed = "journal-failed"
        case recovering
        case serverCertificateExpires = "server-certificate-expires"
        case authorityExpires = "authority-expires"
    }

    func status() async throws -> JSONValue {
        let now = clock()
        let directory = try await SubjectCache.directory(of: journal)
        let certificates = try await enrolment.certificates()
        let invitations = try await enrolment.invitations()
        let today = DutchTime.date(of: now)
        let existing = directory.organisations.values.filter { organisation in
            directory.mergers[organisation.code] == nil && organisation.until.map { $0 >= today } ?? true
        }.count
        let valid = certificates.filter { $0.revokedAt == nil && now < $0.expires }
        let files = try await open.service.blobs.count()
        let size = try await open.storage.inspection?.size()
        let unused = invitations.filter { $0.redemption == nil && now < $0.expires }
        return .object([
            "running": .bool(running != nil),
            "since": running.map { .string($0.since.text) },
            "connections": running.map { .number($0.connections()) },
            "listen": .string(open.configuration.listen),
            "port": .number(running?.port ?? open.configuration.port),
            "name": .string(open.configuration.name),
            "province": .string(province.text),
            "epoch": .string(journal.epoch),
            "organisations": .number(existing),
            "regions": .number(directory.regions.count),
            "directoryChanges": .number(directory.position),
            "records": size.map { .number($0.records) },
            "segments": size.map { .number($0.segments) },
            "journalBytes": size.map { .number($0.bytes) },
            "validCertificates": .number(valid.count),
            "openInvitations": .number(unused.count),
            "files": .number(files.blobs),
            "fileBytes": .number(files.bytes),
            "serverCertificateExpires": .string(end(of: open.certificate).text),
            "authorityExpires": .string(end(of: open.authority.certificate).text),
            "warnings": .strings(warnings(now).map(\.rawValue)),
        ])
    }

    private func warnings(_ now: Timestamp) -> [Warning] {
        let horizon = now.adding(milliseconds: Self.warningDays * 86_400_000)
        var warnings: [Warning] = []
        if running?.failure() != nil { warnings.append(.journalFailed) }
        if open.service.recovery != nil { warnings.append(.recovering) }
        if end(of: open.certificate) < horizon { warnings.append(.serverCertificateExpires) }
        if end(of: open.authority.certificate) < horizon { warnings.append(.authorityExpires) }
        return warnings
    }

    private func end(of certificate: Certificate) -> Timestamp {
        Timestamp(milliseconds: certificate.notAfter * 1_000)
    }
}
