import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Responses of several organisations together, for people and for programs.
struct JointPresentation {
    let view: View
    let output: Output
    let files: FileFolder

    func list() {
        if view.joints.isEmpty { output.say(Texts.noJoints) }
        output.show(view.joints.map { row($0.id, $0.state) })
        output.emit(.array(view.joints.map { json($0.id, $0.state) }))
    }

    func show(_ id: ChangeID, _ joint: JointState) {
        let content = joint.current.content
        var requests: [String] = []
        if case .letter(let letter) = view.correspondence.subject(.letter(content.letter))?.state {
            requests = letter.content.requests
        }
        output.show(
            [row(id, joint)] + standing(content.standing) + [""]
                + AnswerPresentation(output: output).lines(content.answer, to: requests)
                + FilePresentation(files: files, output: output).lines(content.answer.files))
        output.emit(json(id, joint))
    }

    private func name(_ code: OrganisationCode) -> String { view.correspondence.directory.name(of: code) }

    private func row(_ id: ChangeID, _ joint: JointState) -> String {
        let content = joint.current.content
        let moment =
            joint.current.receivedAt.map(LocalTime.text)
            ?? output.text(Phrase(dutch: "nog te versturen", english: "to be sent"))
        return [
            Handle.text(id), content.answer.dossier?.text ?? "-",
            content.standing.signed.map { name($0.organisation) }.joined(separator: ", "), moment,
            "[" + ResponsePresentation.status(joint.status, joint.history.count, output) + "]",
        ].joined(separator: "  ")
    }

    private func standing(_ standing: JointStanding) -> [String] {
        standing.signed.map { "  ✓ " + name($0.organisation) }
            + standing.declined.map { "  ✗ " + name($0.organisation) + ": " + $0.reason }
            + standing.missing.map { "  · " + name($0) }
    }

    private func json(_ id: ChangeID, _ joint: JointState) -> JSONValue {
        let content = joint.current.content
        let standing = content.standing
        let head = JSONValue.object([
            "id": .string(id.text), "handle": .string(Handle.text(id)), "letter": .string(content.letter.text),
            "lead": .string(content.lead.text), "status": .string(joint.status.name),
            "version": .number(joint.history.count), "author": .string(joint.current.author.text),
            "received": joint.current.receivedAt.map { .string($0.text) },
            "signed": .strings(standing.signed.map(\.organisation.text)),
            "declined": .array(
                standing.declined.map {
                    .object(["organisation": .string($0.organisation.text), "reason": .string($0.reason)])
                }), "missing": .strings(standing.missing.map(\.text)),
        ])
        let attached = FilePresentation(files: files, output: output).json(content.answer.files)
        return .object(
            (head.members ?? []) + AnswerPresentation(output: output).members(content.answer)
                + (attached.map { [JSONMember("files", $0)] } ?? []))
    }
}
