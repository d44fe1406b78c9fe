/// How strong a merge is drawn: the less of what the lowest group reassigned went to its partner, the lighter.
enum BranchStrength: Int, CaseIterable {
  case faint, weak, medium, strong

  /// - Parameter share: The part that went to the partner, 0...1.
  init(share: Double) {
    self = share < 0.1 ? .faint : share < 0.25 ? .weak : share < 0.5 ? .medium : .strong
  }

  var opacity: Double {
    switch self {
    case .faint: 0.35
    case .weak: 0.55
    case .medium: 0.75
    case .strong: 1
    }
  }

  /// The width of lines, as a part of that of strong ones.
  var width: Double {
    switch self {
    case .faint: 0.4
    case .weak: 0.6
    case .medium: 0.8
    case .strong: 1
    }
  }
}

/// A range of support that has a colour of its own. Branches in these colours are drawn thinner where they are weak, not lighter:
/// a dark one would look like the next lighter one.
enum SupportClass: Int, CaseIterable {
  case low, middling, good, high

  /// - Parameter percent: As figures show it, so that a figure and its colour agree.
  init(percent: Int) {
    self = percent < 50 ? .low : percent < 70 ? .middling : percent < 90 ? .good : .high
  }

  /// On white: but for the lowest of one hue, the darker the more.
  var colour: String {
    switch self {
    case .low: "#c9a227"
    case .middling: "#8fb8d9"
    case .good: "#3f83bf"
    case .high: "#0b3f75"
    }
  }

  /// On black: the lighter the more.
  var colourOnBlack: String {
    switch self {
    case .low: "#c9a227"
    case .middling: "#2f6690"
    case .good: "#5fa3dc"
    case .high: "#d3e9ff"
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
