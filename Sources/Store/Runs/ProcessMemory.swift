/// The memory of this process.
package enum ProcessMemory {
  /// The most that has been resident so far, in bytes; 0 where the system does not tell.
  package static var peak: Int {
    // A figure to print, no more. getrusage would count what the parent had before this program was started.
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
    else { return 0 }
    return kibibytes << 10
  }
}
