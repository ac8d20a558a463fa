import RegiopostModel
import RegiopostTestSupport
import Testing

/// Random sequences of changes from several addresses, through clients that are offline most of the time and a server:
/// the folds stay equal, and nobody sees what isn't theirs.
@Suite("Random correspondence") struct EqualFoldsTests {
    private static let addresses = [
        "pv28/secretariaat", "pv28/accounthouder-haagse-regio", "pv28/regiopostd", "pv28/secretaris",
        "gm0503/formateur",
        "gm0503/college", "gm0503/griffie", "gm0518/college", "gm0518/griffie", "gm0505/college", "gm0603/raadslid",
    ]

    @Test("client and server fold alike, whatever comes in whatever order", arguments: 1...24)
    func equalFolds(_ seed: UInt64) throws {
        var run = try RandomRun(seed: seed, addresses: Self.addresses)
        for _ in 0..<600 { try run.step() }
        run.settle()
        try run.check()
    }

    @Test("the sequences take every type of change there is, and refuse for many reasons") func coverage() throws {
        var taken: Set<String> = []
        var refused: Set<RefusalCode> = []
        for seed in 101...124 {
            var run = try RandomRun(seed: UInt64(seed), addresses: Self.addresses)
            for _ in 0..<1_500 { try run.step() }
            run.settle()
            taken.formUnion(run.taken)
            refused.formUnion(run.refused)
        }
        #expect(taken == Set(ChangeType.allCases.map(\.rawValue)))
        let expected: Set<RefusalCode> = [
            .notAllowed, .conflict, .predecessorMissing, .illegalStep, .needsMissing, .slotUnknown,
            .letterWithdrawn,
            .dossierMismatch,
        ]
        #expect(refused.isSuperset(of: expected), "\(expected.subtracting(refused))")
    }
}

/// One run: who writes, syncs or waits is decided by the seed.
private struct RandomRun {
    private var post = Post()
    private var clients: [PostClient]
    private var writer: RandomWriter
    private(set) var refused: Set<RefusalCode> = []

    init(seed: UInt64, addresses: [String]) throws {
        writer = try RandomWriter(seed: seed)
        for change in try Story().accepted { try post.push(change, from: change.author) }
        clients = addresses.compactMap(Address.init(_:)).map(PostClient.init(address:))
        for index in clients.indices { clients[index].pull(from: post) }
    }

    /// The types of what was taken.
    var taken: Set<String> { Set(post.changes.values.joined().map(\.typeName)) }

    mutating func step() throws {
        let index = writer.number(below: clients.count)
        switch writer.number(below: 10) {
        case 0, 1: clients[index].pull(from: post)
        case 2, 3: refused.formUnion(clients[index].push(to: &post))
        case 4: try compareVerdicts(index)
        default: try write(index)
        }
    }

    /// Writes something, after some tries mostly something that fits. The server itself isn't offline, and sees all.
    private mutating func write(_ index: Int) throws {
        let client = clients[index]
        let isServer = client.address.role == .regiopostd
        let view = isServer ? post.world : client.view
        for _ in 0..<writer.number(below: 12) {
            guard let change = try writer.change(by: client.address, seeing: view) else { continue }
            do throws(Refusal) {
                if isServer {
                    try post.push(change, from: client.address)
                } else {
                    try clients[index].write(change)
                }
                return
            } catch {
                refused.insert(error.code)
            }
        }
    }

    /// What a client that is up to date takes or refuses, the server takes or refuses, with the same code.
    private mutating func compareVerdicts(_ index: Int) throws {
        refused.formUnion(clients[index].push(to: &post))
        clients[index].pull(from: post)
        let (client, replica) = (clients[index], clients[index].replica)
        guard client.address.role != .regiopostd,
            let change = try writer.change(by: client.address, seeing: replica)
        else { return }
        let atHome = code { () throws(Refusal) in
            _ = try Rules.judge(change, from: change.author, in: replica, receivedAt: nil)
        }
        let there = code { () throws(Refusal) in try post.push(change, from: change.author) }
        #expect(atHome == there, "\(change.typeName) by \(change.author) on \(change.subject)")
    }

    private func code(_ judge: () throws(Refusal) -> Void) -> RefusalCode? {
        do throws(Refusal) {
            try judge()
            return nil
        } catch {
            return error.code
        }
    }

    mutating func settle() {
        for index in clients.indices { refused.formUnion(clients[index].push(to: &post)) }
        for index in clients.indices { clients[index].pull(from: post) }
    }

    func check() throws {
        #expect(post.world.misfits.isEmpty)
        for client in clients {
            #expect(client.replica.misfits.isEmpty, "\(client.address)")
            #expect(client.replica.directory == post.world.directory, "\(client.address)")
            for (id, subject) in client.replica.subjects {
                try check(subject, id, of: client.address)
            }
            try checkAudience(of: client)
        }
    }

    /// A mailbox holds a prefix of a subject, all of it for whoever still may see it.
    private func check(_ subject: Subject, _ id: SubjectID, of address: Address) throws {
        let held = (post.mailboxes[.address(address)] ?? []).filter { $0.subject == id }.map(\.id)
        let all = (post.changes[id] ?? []).map(\.id)
        #expect(held == Array(all.prefix(held.count)) || held.isEmpty, "\(address) \(id)")
        let state = try #require(post.world.subject(id)?.state)
        let mailboxes = Audience.mailboxes(of: state, in: post.world.directory)
        // Asking about one says what asking for all says.
        #expect(
            Audience.includes(address, state, in: post.world.directory) == mailboxes.contains(.address(address)),
            "\(address) \(id)")
        guard mailboxes.contains(.address(address)) || mailboxes.contains(.directory) else { return }
        #expect(subject == post.world.subject(id), "\(address) \(id)")
    }

    /// Nobody has a change on a subject that never was theirs, and everybody has what is.
    private func checkAudience(of client: PostClient) throws {
        for (id, subject) in post.world.subjects {
            let state = try #require(subject.state)
            guard Audience.mailboxes(of: state, in: post.world.directory).contains(.address(client.address)) else {
                continue
            }
            #expect(client.replica.subject(id) != nil, "\(client.address) lacks \(id)")
        }
    }
}
