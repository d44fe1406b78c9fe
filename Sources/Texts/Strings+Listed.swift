extension [String] {
  /// The texts with commas between, for a message. Of very many only the first are named, and the others counted.
  package var listed: String {
    let most = 20
    return prefix(most).joined(separator: ", ") + (count > most ? " and \(count - most) more" : "")
  }
}
