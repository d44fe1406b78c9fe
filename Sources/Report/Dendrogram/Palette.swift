/// Colours for groups that people with any kind of colour vision can tell apart.
///
/// A search found the colours whose smallest distance in OKLab (Ottosson 2020) is largest. Distances are between any
/// two colours, as they are and as seen without red, green or blue cones (Machado, Oliveira and Fernandes 2009). The
/// candidates have a contrast of at least 2.8 : 1 with white, and can be seen on black.
///
/// The order is that in which neighbours differ most. If there are more groups than colours, colours repeat in this
/// order, so that groups side by side never share one.
package enum Palette {
  /// The colours, as `#rrggbb`.
  package static let colours = [
    "#871E00", "#0F69E1", "#004B69", "#D28700", "#691EA5", "#5AA5B4", "#5A7800", "#C378FF", "#C34B78",
  ]

  /// The same hues for text, which may be on black or on white: their contrast with both is at least 3.3 : 1. Without
  /// red or green cones some look alike.
  static let textColours: [(red: Int, green: Int, blue: Int)] = [
    (189, 81, 56), (33, 118, 239), (60, 121, 154), (198, 127, 0), (148, 81, 214), (77, 153, 167), (101, 132, 25),
    (183, 107, 241), (202, 81, 126),
  ]

  /// More colours, for categories. They were found in the same way, one after the other, each as far as can be from those
  /// before it, from white and from the neutral colour; the more there are, the more alike some look.
  private static let moreColours = [
    "#1E0FE1", "#96B478", "#964BA5", "#F0003C", "#B48778", "#7878D2", "#FF69B4", "#A51E3C", "#E187E1", "#960078",
    "#D2A500",
  ]

  /// The colours of categories. All categories after them have one colour, ``otherColour``.
  package static let categoryColours = colours + moreColours

  /// The colour of all categories that have none of their own.
  package static let otherColour = "#C8C8C8"

  /// The index of a category among those that are told apart; the last is that of all others.
  static func categoryIndex(_ category: Int) -> Int { min(category, categoryColours.count) }

  static func categoryColour(_ index: Int) -> String {
    index < categoryColours.count ? categoryColours[index] : otherColour
  }

  /// The colour of a group in a picture, where there may be more groups than on a page. Only if there are more of them than
  /// ``categoryColours``, colours repeat in this order.
  static func groupColour(_ group: Int) -> String { categoryColours[group % categoryColours.count] }

  /// The colour of branches in no group: those above a cut.
  package static let neutral = "#777777"

  /// The colour of a group, `#rrggbb`.
  package static func colour(_ group: Int) -> String { colours[group % colours.count] }

  /// The number of groups to colour by default. It is small enough that all colours differ, and that the groups of a
  /// small tree have several leaves.
  package static func groupCount(leaves: Int) -> Int { min(colours.count, max(1, leaves / 3)) }
}
