import Foundation
import Hierarchy
import Report
import TestSupport
import Testing

@Suite("The palette")
struct PaletteTests {
  /// Linear red, green and blue, 0...1, of `#rrggbb`.
  private func linear(_ colour: String) throws -> [Double] {
    let value = try #require(Int(colour.dropFirst(), radix: 16))
    let shades = [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
    return shades.map { shade in shade <= 0.04045 ? shade / 12.92 : pow((shade + 0.055) / 1.055, 2.4) }
  }

  private func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// OKLab (Björn Ottosson 2020), lightness up to 100.
  private func lab(_ linear: [Double]) -> [Double] {
    let cones = times(
      [
        [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ], linear.map { min(max($0, 0), 1) })
    return times(
      [
        [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
      ], cones.map { cbrt($0) }
    ).map { 100 * $0 }
  }

  /// What people see who have all cones, or none of one kind (Machado, Oliveira and Fernandes 2009).
  static let visions: [[[Double]]] = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
  ]

  @Test("Any two colours differ with any kind of vision, and neighbours much", arguments: visions)
  func distances(vision: [[Double]]) throws {
    let colours = try Palette.colours.map { lab(times(vision, try linear($0))) }
    func distance(_ a: Int, _ b: Int) -> Double {
      zip(colours[a], colours[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    for a in colours.indices {
      for b in colours.indices where a != b { #expect(distance(a, b) > 9) }
      #expect(distance(a, (a + 1) % colours.count) > 16)
    }
  }

  @Test("Colours of categories differ from one another, from that of all others, and from white")
  func categories() throws {
    let colours = try (Palette.categoryColours + [Palette.otherColour, "#ffffff"]).map { lab(try linear($0)) }
    #expect(Array(Palette.categoryColours.prefix(9)) == Palette.colours && colours.count == 22)
    for a in colours.indices {
      for b in colours.indices where a < b {
        let distance = zip(colours[a], colours[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        #expect(distance > 7, "\(a) and \(b)")
      }
    }
  }

  @Test("Colours of support differ with any kind of vision, and those of branches beside them, on white and on black")
  func support() throws {
    let page = ExplorerPage(try .four(), run: .init(store: "s", rows: 1, skippedRows: 0, score: "sum"))
    let data = try #require(JSONSerialization.jsonObject(with: Data(page.json().utf8)) as? [String: Any])
    let classes = try #require((data["palette"] as? [String: Any])?["support"] as? [[String: String]])
    #expect(classes.count == 4)
    for (key, background) in [("colour", "#ffffff"), ("colourOnBlack", "#17191e")] {
      let colours = try classes.map { try #require($0[key]) } + [background]
      for vision in Self.visions {
        let seen = try colours.map { lab(times(vision, try linear($0))) }
        for a in seen.indices {
          for b in seen.indices where a < b {
            let distance = zip(seen[a], seen[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(distance > 12, "\(colours[a]), \(colours[b])")
          }
        }
      }
    }
  }

  @Test("Every colour stands out from white, and from black")
  func contrast() throws {
    for colour in Palette.colours + [Palette.neutral] {
      let parts = try linear(colour)
      let luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
      #expect(1.05 / (luminance + 0.05) > 2.75, "\(colour)")
      #expect((luminance + 0.05) / 0.05 > 2.1, "\(colour)")
    }
  }

  @Test("Names in the terminal can be read on black and on white")
  func text() throws {
    let hierarchy = try ClusterHierarchy.chain(100)
    let text = TerminalTree(hierarchy, width: 80, style: TerminalStyle(.full)).text()
    let colours = Set(
      text.matches(of: /38;2;([0-9]+);([0-9]+);([0-9]+)m/).map { [$0.1, $0.2, $0.3].compactMap { Int($0) } })
    #expect(colours.count == Palette.colours.count)
    for colour in colours {
      let parts = try linear(String(format: "#%02x%02x%02x", colour[0], colour[1], colour[2]))
      let luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
      #expect(1.05 / (luminance + 0.05) > 3.2 && (luminance + 0.05) / 0.05 > 4, "\(colour)")
    }
  }

  @Test("Colours repeat in order, so neighbours never share one, and as many are used as differ")
  func order() {
    for group in 0..<100 { #expect(Palette.colour(group) != Palette.colour(group + 1)) }
    #expect(Palette.groupCount(leaves: 1) == 1)
    #expect(Palette.groupCount(leaves: 10) == 3)
    #expect(Palette.groupCount(leaves: 1000) == Palette.colours.count)
  }
}
