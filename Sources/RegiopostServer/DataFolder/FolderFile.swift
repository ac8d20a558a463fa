import Glibc
import RegiopostFiles

/// The small files of a data folder, with errors that an operator can read.
enum FolderFile {
    /// Writes a whole file that survives a power cut.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(OperatorError) {
        try say { () throws(FileError) in try DurableFile.write(bytes, to: path, mode: mode) }
    }

    /// The bytes of a file.
    static func read(_ path: String) throws(OperatorError) -> [UInt8] {
        try say { () throws(FileError) in try DurableFile.read(path) }
    }

    /// Makes a folder's entries durable.
    static func syncFolder(_ path: String) throws(OperatorError) {
        try say { () throws(FileError) in try DurableFile.syncFolder(path) }
    }

    /// Makes the name of a file durable.
    static func syncFolder(of path: String) throws(OperatorError) {
        try say { () throws(FileError) in try DurableFile.syncFolder(of: path) }
    }

    /// What a call on a file gives, its error as an operator reads it.
    static func say<Value>(_ body: () throws(FileError) -> Value) throws(OperatorError) -> Value {
        do {
            return try body()
        } catch {
            let phrase = error.operation == .read ? OperatorError.cannotRead : OperatorError.cannotWrite
            throw .system(error.number, phrase, error.path)
        }
    }
}
