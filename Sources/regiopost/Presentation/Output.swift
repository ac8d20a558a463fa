import ArgumentParser
import RegiopostClient
import RegiopostJSON
import RegiopostModel

/// Says things: to people in their language, or to programs as one JSON value on standard output.
struct Output: Sendable {
    let language: Language
    let isJSON: Bool

    /// A sentence for people; programs get none.
    func say(_ phrase: Phrase, _ values: [String: String] = [:]) {
        guard !isJSON else { return }
        StandardStream.output.line(phrase.text(language, values))
    }

    /// Lines for people; programs get none.
    func show(_ lines: @autoclosure () -> [String]) {
        guard !isJSON else { return }
        StandardStream.output.lines(lines())
    }

    /// A warning for people, beside the output.
    func warn(_ text: String) { StandardStream.error.line(text) }

    /// What a person should look at in a text, each with its line.
    func warn(_ warnings: [LetterWarning]) {
        for warning in warnings {
            warn(text(Texts.warningLine, ["line": String(warning.line), "text": warning.text(language)]))
        }
    }

    /// Warnings for programs.
    func json(_ warnings: [LetterWarning]) -> JSONValue {
        .array(
            warnings.map { warning in
                .object([
                    "code": .string(warning.code.rawValue), "line": .number(warning.line),
                    "text": .string(warning.text(language)),
                ])
            })
    }

    /// A value for programs; people get none.
    func emit(_ value: @autoclosure () -> JSONValue) {
        guard isJSON else { return }
        StandardStream.output.line(value().text)
    }

    func text(_ phrase: Phrase, _ values: [String: String] = [:]) -> String { phrase.text(language, values) }

    /// What was put in the queue.
    func queued(_ written: Workspace.Written, warnings: [LetterWarning] = []) {
        let handle = Handle.text(written.change.id)
        say(written.isRepeat ? Texts.queuedBefore : Texts.queued, ["handle": handle])
        emit(
            .object([
                "id": .string(written.change.id.text), "type": .string(written.change.typeName),
                "subject": .string(written.change.subject.text), "repeat": .bool(written.isRepeat),
                "warnings": warnings.isEmpty ? nil : json(warnings),
            ]))
    }

    /// Runs the body; an error becomes a sentence on standard error, its code in JSON, and the exit status.
    func reporting(_ body: () async throws -> Void) async throws {
        let failure: Failure
        do {
            try await body()
            return
        } catch let error as Failure {
            failure = error
        } catch let error as Refusal {
            failure = Failure(error)
        } catch let error as Workspace.RefusedBefore {
            failure = Failure(error, language)
        } catch is Workspace.Overtaken {
            failure = Failure(.temporary, code: "overtaken", Texts.overtaken)
        } catch let error as ClientError {
            failure = Failure(error)
        } catch let error as ExitCode {
            throw error
        } catch {
            failure = Failure(.io, code: "unexpected", Texts.unexpected, ["reason": String(describing: error)])
        }
        warn(failure.phrase.text(language, failure.details))
        emit(
            .object([
                "error": .string(failure.code), "text": .string(failure.phrase.text(language, failure.details)),
                "details": .object(
                    failure.details.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }),
            ]))
        throw ExitCode(failure.status.rawValue)
    }
}
