/// What names need of a layout.
struct NameRoom {
  /// Whether groups are named instead of tips, so that tips need no room for names.
  var areOfGroups: Bool
  /// The most lines of a tip's name.
  var lines: Int
  /// The longest line, in units of the font's size; nil for what suits the layout.
  var ems: Double?
  /// Whether tips are groups of a cut.
  var isCut: Bool
}

/// A layout: it maps rows and distances from the root to points of a picture.
///
/// Distances are in pixels. Rows are counted in tips; the first tip is at 0.
protocol DendrogramFrame {
  /// The distance from the root to the tips.
  var length: Double { get }
  /// The size of the tips' names.
  var fontSize: Double { get }
  /// The size of captions.
  var captionSize: Double { get }
  /// The thickness of bars, and the most that triangles have.
  var thickness: Double { get }
  /// The longest name, in units of the font's size. A longer name ends in an ellipsis; its tooltip has all of it.
  var longestName: Double { get }
  /// The length of the longest bar.
  var bar: Double { get }
  /// The thickness of branches.
  var line: Double { get }
  /// The width of a strip of categories.
  var stripWidth: Double { get }
  /// Whether bars of samples are outside of names.
  var hasBarsOutside: Bool { get }

  /// The distance between neighbouring rows, so far from the root.
  func pitch(at distance: Double) -> Double
  /// Path data that goes on, at one distance from the root, from the first row to the second.
  func spine(at distance: Double, from first: Double, to second: Double) -> String
  /// Path data that goes on along a row, outwards or inwards, to a distance.
  func stem(row: Double, to distance: Double) -> String
  func move(row: Double, to distance: Double) -> String
  /// A triangle that opens outwards.
  func triangle(row: Double, from apex: Double, to base: Double, thickness: Double) -> String
  /// Writes a tip's name, from a distance outwards.
  func write(_ name: Dendrogram.Name, row: Int, at distance: Double, on canvas: inout SVGCanvas)
  /// Finds places for the names of groups, outside of a distance, so that none touches another.
  ///
  /// - Parameters:
  ///   - rows: The middles of the groups, in ascending order.
  ///   - heights: The room for each name.
  func place(_ rows: [Double], heights: [Double], at distance: Double) -> [Dendrogram.PlacedName]
  /// Writes a figure on the branch that ends at a distance, at its outer end.
  func write(figure: String, row: Double, at distance: Double, size: Double, on canvas: inout SVGCanvas)
  /// Writes what identifies a column beside the tips, before the first tip.
  func write(head: String, at distance: Double, size: Double, on canvas: inout SVGCanvas)
  /// Makes room in the picture so far from the root.
  func include(_ distance: Double, on canvas: inout SVGCanvas)
  /// Draws the axis of branches, and if there is room for it, the scale of bars.
  func drawScales(_ axis: DendrogramAxis, samples: Int, on canvas: inout SVGCanvas)
}
