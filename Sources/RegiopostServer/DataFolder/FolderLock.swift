import Glibc
import RegiopostModel
import Synchronization

/// The exclusive lock on a data folder. The operating system takes it back when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock; `nil` where somebody else has it.
    static func take(_ folder: DataFolder) throws(OperatorError) -> FolderLock? {
        let descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(errno, OperatorError.cannotWrite, folder.lock) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            guard number == EWOULDBLOCK else { throw .system(number, OperatorError.cannotWrite, folder.lock) }
            return nil
        }
        return FolderLock(descriptor: descriptor)
    }

    private init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Gives the lock back. Twice is fine.
    ///
    /// Said aloud before the file is closed: a child that another thread is just starting has a copy of the descriptor
    /// until it runs its own program, and would keep the lock for that moment.
    func release() {
        descriptor.withLock { descriptor in
            if let descriptor {
                _ = flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = nil
        }
    }
}
