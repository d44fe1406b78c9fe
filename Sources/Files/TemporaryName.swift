import Texts

/// Names for what is on the way to its own: `.NAME.0123abcd.SUFFIX`, beside it, with digits at random.
package struct TemporaryName: Sendable {
  private let prefix: String
  private let suffix: String

  private static let digitCount = 8
  /// The most bytes a name may have, in all common file systems.
  private static let mostNameBytes = 255

  /// - Parameters:
  ///   - target: What it is to be called, of which a very long name is cut.
  ///   - suffix: With the dot before it.
  package init(for target: String, suffix: String) {
    var name = ""
    for character in target.lastPathComponent.unicodeScalars {
      // One for the dot before it, one for that after it.
      let byteCount = name.utf8.count + UTF8.width(character) + 2 + Self.digitCount + suffix.utf8.count
      guard byteCount <= Self.mostNameBytes else { break }
      name.unicodeScalars.append(character)
    }
    prefix = ".\(name)."
    self.suffix = suffix
  }

  /// A new one.
  package func new() -> String {
    let digits = String(UInt32.random(in: .min ... .max), radix: 16)
    return prefix + String(repeating: "0", count: Self.digitCount - digits.count) + digits + suffix
  }

  /// The paths of those that are in a directory. In one that can't be listed, or not now, none are found.
  package func found(in directory: String) -> [String] {
    ((try? FileSystem.names(in: directory)) ?? []).filter(matches).map(directory.appendingPathComponent)
  }

  private func matches(_ name: String) -> Bool {
    name.utf8.count == prefix.utf8.count + Self.digitCount + suffix.utf8.count && name.hasBytePrefix(prefix)
      && name.hasByteSuffix(suffix)
      && name.utf8.dropFirst(prefix.utf8.count).prefix(Self.digitCount).allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}
