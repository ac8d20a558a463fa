/// Certificates that end while their clients work, in some of the worlds.
extension Simulation {
    /// Whether certificates end soon. By the seed itself: the other worlds stay as they were before there was this.
    var lastsBriefly: Bool { seed % 13 == 7 }

    /// Has the server know a client's certificate. Where that ends, its user sees it at the next sync, and asks the operator
    /// for an invitation.
    func admit(_ client: ClientMachine) async {
        guard lastsBriefly, isEventful else { return await server.admit(client.certificate, for: client.address) }
        let lasting = Int64(2_000 + stepper.number(below: 30_000))
        await server.admit(client.certificate, for: client.address, lasting: lasting)
        stepper.after(lasting + Int64(stepper.number(below: 20_000))) { [weak self] in
            guard let self, self.isEventful, !client.isRevoked else { return }
            self.history.count("certificates expired")
            self.stepper.begin { await self.renew(client) }
        }
    }

    /// Nobody is left with a certificate that ends.
    func renewAll() async {
        guard lastsBriefly else { return }
        for client in clients where !client.isRevoked { await renew(client) }
    }

    /// Gives a client another certificate for the address that it has.
    private func renew(_ client: ClientMachine) async {
        certificatesGiven += 1
        guard let certificate = try? Certificates.shared.certificate(certificatesGiven, for: client.address) else {
            return
        }
        history.tell("\(client.name) has enrolled again")
        client.enrolled(certificate)
        await admit(client)
    }

    /// Every few seconds, as the server does every minute.
    func lookForExpired() {
        server.endExpired()
        stepper.after(3_000) { [weak self] in
            if let self, self.isEventful { self.lookForExpired() }
        }
    }
}
