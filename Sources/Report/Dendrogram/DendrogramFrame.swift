/// How rows and distances from the root become points of a picture.
///
/// Distances are in pixels; rows are numbers of tips, the first at 0.
protocol DendrogramFrame {
  /// The way from the root to the tips.
  var length: Double { get }
  /// The size of the tips' names.
  var fontSize: Double { get }
  /// The size of captions.
  var captionSize: Double { get }
  /// The thickness of bars, and of triangles at most.
  var thickness: Double { get }
  /// The longest name, in units of its size; a longer one ends in an ellipsis, and is whole in its tooltip.
  var longestName: Double { get }
  /// The length of the longest bar.
  var bar: Double { get }
  /// The thickness of branches.
  var line: Double { get }

  /// A line at one distance from the root, from row to row: from a point, which it moves to, or goes on from.
  func spine(at distance: Double, from first: Double, to second: Double) -> String
  /// A line along a row, outwards or inwards, which goes on from where it begins.
  func stem(row: Double, to distance: Double) -> String
  func move(row: Double, to distance: Double) -> String
  /// A triangle that opens outwards.
  func triangle(row: Double, from apex: Double, to base: Double, thickness: Double) -> String
  /// Writes a tip's name outwards from some distance.
  func write(_ name: Dendrogram.Name, row: Int, at distance: Double, on canvas: inout SVGCanvas)
  /// Draws what tells a branch's position, and where there is room for it, what the longest bar stands for.
  func drawScales(_ axis: DendrogramAxis, samples: Int, on canvas: inout SVGCanvas)
}
