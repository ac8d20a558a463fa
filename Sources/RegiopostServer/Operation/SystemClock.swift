import Glibc
import RegiopostModel

/// The machine's clock.
public enum SystemClock {
    /// Now, by the operating system's real-time clock.
    @Sendable public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
