/// What a run holds in memory at one time: parts that are there together.
package struct MemoryPhase: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    package let name: String
    /// The most that it takes.
    package let byteCount: Int
  }

  package let name: String
  package let parts: [Part]

  init(_ name: String, _ parts: KeyValuePairs<String, Int>) {
    self.name = name
    self.parts = parts.map { Part(name: $0.key, byteCount: $0.value) }
  }

  package var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
}

/// What every run takes before it works on anything.
enum ProgramMemory {
  static let byteCount = 34 << 20

  /// Names, counts and the like, and the first worker's sums over clusters.
  static func byteCount(clusters: Int) -> Int { clusters << 10 }
}
