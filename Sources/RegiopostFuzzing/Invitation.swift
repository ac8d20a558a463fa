import RegiopostWire

/// The text of an invitation, which somebody pastes.
enum Invitation {
    static func take(_ input: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: input, as: UTF8.self)
        guard let invitation = InvitationText(text) else { return }
        try promise(Array(invitation.text.utf8) == input, "it is written as \(invitation.text)")
        try promise(InvitationText(invitation.text) == invitation, "it is read again")
        try promise((1...65_535).contains(invitation.port), "port \(invitation.port)")
        try promise(Limits.secret.contains(invitation.secret.count), "a secret of \(invitation.secret.count) bytes")
        let secret = Base64URL.encoded(invitation.secret)
        try promise(!invitation.description.contains(secret), "a description keeps the secret")
    }
}
