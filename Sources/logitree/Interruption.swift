import Foundation
import Synchronization

/// SIGINT and SIGTERM as a wish to end, which the work looks at between blocks. A second signal ends the program at once.
enum Interruption {
  private static let requested = Atomic(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func watch() {
    // Who started this program may have blocked signals, as threads of Dispatch have, and a child inherits that.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.requested.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}
