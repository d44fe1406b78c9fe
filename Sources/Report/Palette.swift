/// Colours for groups, which people with any kind of colour vision tell apart.
///
/// Paul Tol's "muted" scheme (https://personal.sron.nl/~pault/, 2021), in an order in which neighbours differ most. With
/// more groups than colours they repeat in that order, so that groups side by side never share one.
public enum Palette {
  /// As `#rrggbb`.
  public static let colours = [
    "#332288", "#CC6677", "#117733", "#DDCC77", "#88CCEE", "#AA4499", "#44AA99", "#882255", "#999933",
  ]

  /// For what is in no group: the branches above a cut.
  public static let neutral = "#777777"

  /// The colour of a group, `#rrggbb`.
  public static func colour(_ group: Int) -> String { colours[group % colours.count] }
}
