import RegiopostCrypto
import RegiopostModel

/// Changes, one a line, each offered by its author to a server that has a directory and took those before it, and each
/// taken by a client, which believes what its server sends.
enum Changes {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        var server = try directory.get()
        var client = server
        for line in input.split(separator: 0x0A).prefix(16) {
            guard let change = try? Change(line: Array(line)) else { continue }
            let written = change.line()
            let again = try? Change(line: written)
            try promise(again == change, "\(change) is read again as \(String(describing: again))")
            _ = TextChecks.warnings(in: change.body, dossier: nil)
            let digest = Digest(bytes: SHA256.hash(Array(line)))
            client.take(change, digest: digest, receivedAt: change.time)
            try offer(change, digest, to: &server)
        }
    }

    private static func offer(_ change: Change, _ digest: Digest?, to server: inout Correspondence)
        throws(BrokenPromise)
    {
        // The same change is a repeat, which nothing is judged about.
        guard server.origin(of: change.id) == nil else { return }
        let verdict: Rules.Verdict
        do throws(Refusal) {
            verdict = try Rules.judge(
                change, from: change.author, in: server, digest: digest, receivedAt: change.time)
        } catch {
            for language in Language.allCases {
                try promise(!error.text(language).isEmpty, "\(error) says something")
            }
            return
        }
        server.take(change, digest: digest, receivedAt: change.time)
        try promise(server.misfits.isEmpty, "\(change) was accepted and doesn't fit")
        let folded = server.subject(change.subject)
        try promise(folded == verdict.subject, "\(change) is folded as it was judged")
        try promise(!verdict.mailboxes.isEmpty, "\(change) is in somebody's mailbox")
        // Written by somebody else, it would have been refused.
        let other = change.author.organisation.text == "gm0505" ? "gm0503/griffie" : "gm0505/griffie"
        let stranger = try promised(Address(other), "an address")
        let stolen = try? Rules.judge(change, from: stranger, in: server, digest: digest, receivedAt: change.time)
        try promise(stolen == nil, "\(change) is accepted from \(stranger)")
    }

    /// A province with two regions and four municipalities; the directory that the vectors of the rights have.
    private static let directory: Result<Correspondence, BrokenPromise> = {
        var world = Correspondence()
        for line in PackageResources.directory_jsonl.split(separator: 0x0A) {
            guard let change = try? Change(line: Array(line)) else {
                return .failure(BrokenPromise(description: "the directory can be read"))
            }
            world.take(change, receivedAt: change.time)
        }
        return .success(world)
    }()
}
