/// Colours and distances that both layouts share, in pixels.
enum DendrogramStyle {
  static let text = "#222222"
  static let faintText = "#6b6b6b"
  static let grid = "#e4e4e4"
  /// The room of bars that stand for numbers, and these bars.
  static let room = "#f0f0f0"
  static let numberColour = "#4a7ba6"
  static let margin = 20.0
  /// The size of figures on branches.
  static let supportSize = 8.0
  /// The gap between such a figure and the end of its branch.
  static let figureGap = 2.0
  /// The gap between tips and bars.
  static let tipGap = 5.0
  /// The gap between the longest bar and names.
  static let nameGap = 6.0
  /// The thickness of the line along a group that is named.
  static let bracket = 5.0
  /// From such a line to the group's name.
  static let leader = 18.0
  /// The longest line of text, in units of the font's size.
  static let longestName = 60.0
  static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'DejaVu Sans', sans-serif"
}
