import Glibc
import RegiopostModel

/// A path to a data folder's socket that is short whatever the folder's own path: a socket's address holds 107 bytes.
///
/// The folder is opened, and the path goes through the descriptor (proc(5), /proc/self/fd). It is good as long as this
/// object lives, and for the same file: a folder that is moved meanwhile stays the one that was opened.
final class SocketPath: Sendable {
    let path: String
    private let descriptor: Int32

    init(_ folder: DataFolder) throws(OperatorError) {
        descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, OperatorError.cannotRead, folder.path) }
        path = "/proc/self/fd/\(descriptor)/\(DataFolder.socketName)"
    }

    deinit {
        close(descriptor)
    }
}
