import Glibc
import LogitStream
import Synchronization

/// SIGINT and SIGTERM as a wish to end, which the work looks at between blocks. A second SIGINT, typed by somebody who
/// does not want to wait, ends the program at once. A second SIGTERM does not: batch systems send it both to a program
/// and to the script that it is run by, which hands it on.
enum Interruption {
  private static let requested = Atomic(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func watch() {
    LongReading.end { isRequested }
    // Who started this program may have blocked signals, as threads of Dispatch have, and a child inherits that.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.requested.store(true, ordering: .relaxed)
        if number == SIGINT { signal(SIGINT, SIG_DFL) }
      }
    }
  }
}
