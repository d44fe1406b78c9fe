extension String {
  /// The text without blanks and line ends at both ends.
  var withoutOuterSpace: String {
    guard let first = unicodeScalars.firstIndex(where: { !$0.isSpace }),
      let last = unicodeScalars.lastIndex(where: { !$0.isSpace })
    else { return "" }
    return String(self[first..<unicodeScalars.index(after: last)])
  }

  /// The text without spaces and tabs of ASCII at both ends.
  var withoutPadding: Substring {
    let isPadding: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let first = utf8.firstIndex(where: { !isPadding($0) }), let last = utf8.lastIndex(where: { !isPadding($0) })
    else { return "" }
    return self[first..<utf8.index(after: last)]
  }
}

extension Unicode.Scalar {
  /// Whether this is a space of any kind (Unicode's category Zs), a space without width, or ends a line or a page: LF, VT,
  /// FF, CR, and what Unicode adds (NEL, LS, PS).
  fileprivate var isSpace: Bool {
    switch value {
    case 0x09...0x0D, 0x20, 0x85, 0x200B, 0x2028, 0x2029: true
    default: value >= 0xA0 && properties.generalCategory == .spaceSeparator
    }
  }
}
