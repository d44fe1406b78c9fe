import Errors
import Glibc
import SystemPackage

/// What could not be done with a file, and why.
public struct FileError: CategorizedError, Sendable, Equatable {
  public enum Operation: Sendable {
    /// Opening for reading.
    case open
    case read
    case create
    case write
  }

  public enum Cause: Sendable, Equatable {
    /// A system call failed.
    case system(Errno)
    /// The file can't be locked.
    case locking(Errno)
    case endsEarly(needed: Int, found: Int)
    case isDirectory
    case isNotRegular
    /// What is read from it is not what was written to it.
    case isNotAsWritten
    /// It is something without an end, or that is no file.
    case isDevice
    case hasNoName
    /// Something that is to be a directory is something else: this path, or the file itself.
    case isNoDirectory(String?)
  }

  public var operation: Operation
  public var path: String
  public var cause: Cause

  public init(_ operation: Operation, _ path: String, _ cause: Cause) {
    self.operation = operation
    self.path = path
    self.cause = cause
  }

  /// The system's code, if a system call failed.
  public var code: Errno? {
    switch cause {
    case .system(let code), .locking(let code): code
    default: nil
    }
  }

  public var category: ErrorCategory {
    switch (operation, cause) {
    // The system's fault, which may be gone the next time.
    case (.create, .system(.ioError)), (.create, .system(.tooManyOpenFiles)),
      (.create, .system(.tooManyOpenFilesInSystem)), (.create, .system(.noMemory)),
      (.create, .system(.staleNFSFileHandle)):
      .inputOutput
    case (.create, _): .cannotCreate
    case (.open, .isDirectory): .missing
    case (_, .endsEarly), (.open, .isNotRegular), (.open, .isDevice): .badData
    default: .inputOutput
    }
  }
}

extension FileError {
  public var description: String { "\(path): can't be \(participle): \(reason)" }

  private var participle: String {
    switch operation {
    case .open, .read: "read"
    case .create: "created"
    case .write: "written"
    }
  }

  /// Why, in a few words.
  public var reason: String {
    switch cause {
    case .system(let code): "\(code)"
    case .locking(let code): "no lock: \(code)"
    case .endsEarly: "it ends early"
    case .isDirectory: "it is a directory"
    case .isNotRegular: "it is no regular file, and this format needs one"
    case .isNotAsWritten: "what was written to it is not what is there"
    case .isDevice: "it is a device; text is read from a file, a pipe or a terminal"
    case .hasNoName: "it has no name"
    case .isNoDirectory(let path): "\(path ?? "it") exists and is no directory"
    }
  }
}

extension FileError {
  /// The result of system calls, whose failure becomes an error about a file.
  static func attempt<Result>(
    _ operation: Operation, _ path: String, _ calls: @autoclosure () throws -> Result
  ) throws(FileError) -> Result {
    do {
      return try calls()
    } catch {
      throw FileError(operation, path, .system(error as? Errno ?? .ioError))
    }
  }

  /// The error for a call of the C library that has just failed.
  static func last(_ operation: Operation, _ path: String) -> FileError {
    FileError(operation, path, .system(.last))
  }
}

extension Errno {
  /// What the last call of the C library in this thread had to complain about.
  package static var last: Errno { Errno(rawValue: errno) }

  /// The kind of error that a file to be read is, if opening it gives this: one that is not there or may not be read is
  /// missing. All else is the system's fault, and may be gone the next time.
  public var categoryOfOpening: ErrorCategory {
    switch self {
    case .noSuchFileOrDirectory, .notDirectory, .isDirectory, .permissionDenied, .notPermitted, .fileNameTooLong,
      .tooManySymbolicLinkLevels:
      .missing
    default: .inputOutput
    }
  }
}
