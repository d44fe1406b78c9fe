extension Unicode.Scalar {
  /// Whether a character must not be printed, or would not be seen.
  package var isHidden: Bool {
    switch value {
    case 0x20...0x7E: return false
    // Joiners, which emoji and Persian are written with.
    case 0x200C, 0x200D: return false
    // Signs of Arabic and other scripts that are drawn around what follows.
    case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD: return false
    // No characters, in XML above all.
    case let value where value & 0xFFFE == 0xFFFE: return true
    default: if standsForByte { return true }
    }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
