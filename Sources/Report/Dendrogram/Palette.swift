/// Colours for groups, which people with any kind of colour vision tell apart.
///
/// Chosen by search for the largest smallest distance in OKLab (Ottosson 2020) between any two as they are and as seen
/// without red, green or blue cones (Machado, Oliveira and Fernandes 2009), among colours that stand out from white at
/// 2.8 : 1 or more and are not lost on black. In an order in which neighbours differ most. With more groups than colours
/// they repeat in that order, so that groups side by side never share one.
package enum Palette {
  /// As `#rrggbb`.
  package static let colours = [
    "#871E00", "#0F69E1", "#004B69", "#D28700", "#691EA5", "#5AA5B4", "#5A7800", "#C378FF", "#C34B78",
  ]

  /// The same hues for text, which may be on black or on white: as light as either takes, at 3.3 : 1 or more. Without
  /// red or green cones some are alike.
  static let textColours: [(red: Int, green: Int, blue: Int)] = [
    (189, 81, 56), (33, 118, 239), (60, 121, 154), (198, 127, 0), (148, 81, 214), (77, 153, 167), (101, 132, 25),
    (183, 107, 241), (202, 81, 126),
  ]

  /// For what is in no group: the branches above a cut.
  package static let neutral = "#777777"

  /// The colour of a group, `#rrggbb`.
  package static func colour(_ group: Int) -> String { colours[group % colours.count] }

  /// How many groups to colour where nobody says: few enough that the colours of all differ, and that groups of a small
  /// tree have some leaves.
  package static func groupCount(leaves: Int) -> Int { min(colours.count, max(1, leaves / 3)) }
}
