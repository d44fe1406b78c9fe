extension StringProtocol {
  /// The text without blanks at both ends: spaces of any kind, and tabs.
  package var withoutOuterBlanks: String { trimmed { $0.isBlank } }

  /// The text without blanks and line ends at both ends.
  var withoutOuterSpace: String { trimmed { $0.isBlank || $0.isLineEnd } }

  private func trimmed(_ isTaken: (Unicode.Scalar) -> Bool) -> String {
    guard let first = unicodeScalars.firstIndex(where: { !isTaken($0) }),
      let last = unicodeScalars.lastIndex(where: { !isTaken($0) })
    else { return "" }
    return String(self[first..<unicodeScalars.index(after: last)])
  }
}

extension Unicode.Scalar {
  /// Whether this is a space of any kind (Unicode's category Zs), a space without width, or a tab.
  fileprivate var isBlank: Bool {
    switch self {
    case " ", "\t", "\u{200B}": true
    default: value >= 0xA0 && properties.generalCategory == .spaceSeparator
    }
  }

  /// Whether this ends a line or a page: LF, VT, FF, CR, and what Unicode adds (NEL, LS, PS).
  fileprivate var isLineEnd: Bool {
    switch value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}
