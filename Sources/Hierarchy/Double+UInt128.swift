extension Double {
  /// The nearest number, of two the even one: what the standard library's initializer for any integer gives, but that one goes
  /// through its words, and takes some twenty times as long. Sums over rows have 128 bits.
  package init(_ value: UInt128) {
    let lost = 64 - (value >> 64 == 0 ? 64 : value.leadingZeroBitCount)
    var bits = UInt64(truncatingIfNeeded: value >> lost)
    // Sixty-four bits are rounded once. A bit below all others tells on which side of the middle lies what is lost.
    if UInt128(bits) << lost != value { bits |= 1 }
    self = Double(bits) * Double(sign: .plus, exponent: lost, significand: 1)
  }
}
