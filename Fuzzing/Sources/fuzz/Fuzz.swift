import CLibFuzzer
import RegiopostFuzzing

/// Fuzzes one target: `fuzz --target=NAME [libFuzzer's arguments]`. Without arguments it names the targets.
@main struct Fuzz {
    /// The target that the arguments name.
    private static let target: FuzzTarget? = FuzzTarget.all.first {
        "--target=" + $0.name == CommandLine.arguments.dropFirst().first
    }

    static func main() {
        guard target != nil else {
            for target in FuzzTarget.all { print(target.name) }
            return
        }
        // libFuzzer starts itself again with the same arguments, and leaves those with two dashes alone.
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = LLVMFuzzerRunDriver(&count, &arguments) { data, size in
            Fuzz.take(UnsafeBufferPointer(start: data, count: size))
            return 0
        }
    }

    private static func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        do throws(BrokenPromise) {
            try target?.take(Array(bytes))
        } catch {
            fatalError(error.description)
        }
    }
}
