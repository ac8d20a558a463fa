import Glibc
import RegiopostClient

/// The store's files, which hold letters: nobody but their owner reads them, whatever folder they are in.
enum StoreFile {
    /// Makes the file where there is none, before SQLite would make it with the rights that the umask leaves. What SQLite
    /// puts beside it gets the same rights.
    static func keepPrivate(_ path: String) throws(ClientError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
            return
        }
        guard errno == EEXIST else { throw failure(path) }
        // By name: closing a descriptor of this file would give back the locks that SQLite holds in this process.
        for file in [path, path + "-wal", path + "-shm"] {
            var found = stat()
            guard stat(file, &found) == 0, found.st_mode & 0o077 != 0 else { continue }
            // Another process may have taken -wal and -shm away meanwhile.
            guard chmod(file, 0o600) == 0 || errno == ENOENT else { throw failure(file) }
        }
    }

    private static func failure(_ path: String) -> ClientError {
        let number = errno
        return ClientError(
            number == ENOSPC ? .diskFull : .storeFailed,
            ["path": path, "reason": String(cString: strerror(number))])
    }
}
