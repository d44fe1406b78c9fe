/// Finds the names that somebody may have meant.
enum SimilarNames {
  /// Up to five names. Names that contain the text come first, if it has three letters or more; then names that differ
  /// in few letters.
  static func of(_ text: String, among names: [String]) -> [String] {
    let wanted = Array(text)
    let most = max(1, wanted.count / 3)
    let found = names.compactMap { name -> (distance: Int, name: String)? in
      let folded = name.lowercased()
      if wanted.count >= 3, folded.contains(text) { return (0, name) }
      let letters = Array(folded)
      guard abs(letters.count - wanted.count) <= most else { return nil }
      let distance = distance(wanted, letters)
      return distance <= most ? (distance, name) : nil
    }
    return found.sorted { $0 < $1 }.prefix(5).map(\.name)
  }

  /// The number of letters to insert, delete or replace to turn one text into the other (Levenshtein 1966).
  private static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[second.count]
  }
}
