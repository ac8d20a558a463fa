import Glibc
import RegiopostFiles
import Synchronization

/// The right to enrol in a profile's folder, which one process has at a time: two that use one invitation with two keys
/// would burn it. The operating system takes it back when the process ends, however it ends.
final class EnrolmentLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock.
    ///
    /// - Throws: `enrolment-busy` where somebody else has it.
    init(folder: String) throws(ClientError) {
        let path = folder + "/enrolment.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ClientError(FileError(errno, .write, path)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else { throw ClientError(FileError(number, .write, path)) }
            throw ClientError(.enrolmentBusy, ["path": folder])
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Gives the lock back. Twice is fine.
    func release() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }
}
