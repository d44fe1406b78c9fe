/// How strong a merge is drawn: the less of what the lowest group reassigned went to its partner, the lighter.
enum BranchStrength: Int, CaseIterable {
  case faint, weak, medium, strong

  /// - Parameter share: The part that went to the partner, 0...1.
  init(share: Double) {
    self = share < 0.1 ? .faint : share < 0.25 ? .weak : share < 0.5 ? .medium : .strong
  }

  var opacity: String {
    switch self {
    case .faint: ".35"
    case .weak: ".55"
    case .medium: ".75"
    case .strong: "1"
    }
  }
}

/// A range of support that has a colour of its own.
enum SupportClass: CaseIterable {
  case low, middling, good, high

  init(_ support: Double) {
    self = support < 0.5 ? .low : support < 0.7 ? .middling : support < 0.9 ? .good : .high
  }

  /// Of one hue, the darker the more.
  var colour: String {
    switch self {
    case .low: "#c9a227"
    case .middling: "#8fb8d9"
    case .good: "#3f83bf"
    case .high: "#0b3f75"
    }
  }

  var name: String {
    switch self {
    case .low: "below 0.5"
    case .middling: "0.5 to 0.7"
    case .good: "0.7 to 0.9"
    case .high: "from 0.9"
    }
  }
}
