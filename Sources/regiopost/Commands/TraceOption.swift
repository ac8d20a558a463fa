import ArgumentParser
import RegiopostClient
import RegiopostModel

/// `--trace`: the dialogue with the server on standard error, for whoever looks for a fault.
struct TraceOption: ParsableArguments {
    @Flag(name: .customLong("trace"), help: ArgumentHelp(Help.trace.here)) var isOn = false

    /// Shows each line, beginning with `C:` or `S:` as in the specification.
    var trace: TLSServerConnection.Trace? {
        guard isOn else { return nil }
        return { speaker, line in StandardStream.error.line((speaker == .client ? "C: " : "S: ") + line) }
    }
}
