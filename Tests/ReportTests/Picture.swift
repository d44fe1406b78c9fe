import Foundation
import Report
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An SVG document as an XML parser finds it.
struct Picture {
  /// An element with what it inherits.
  struct Element {
    let name: String
    /// Its own, and those of the elements around it that it does not have itself.
    var attributes: [String: String]
    /// Its text and that of elements in it, but titles.
    var text = ""
    /// The text of its title.
    var title = ""
  }

  let elements: [Element]
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  init(_ svg: String) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    let isWellFormed = parser.parse()
    try #require(isWellFormed, "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
    elements = reader.elements
    let box = try #require(elements.first?.attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
    try #require(box.count == 4)
    x = box[0]...box[0] + box[2]
    y = box[1]...box[1] + box[3]
  }

  var texts: [Element] { elements.filter { $0.name == "text" } }
  var paths: [Element] { elements.filter { $0.name == "path" } }

  /// The vertical lines, or arcs, that join the branches of each step.
  func joints() throws -> [Int: Joint] {
    var joints: [Int: Joint] = [:]
    for path in paths {
      guard let match = path.title.firstMatch(of: /step ([0-9,]+) of/) else { continue }
      let step = try #require(Int(match.1.filter { $0 != "," }))
      joints[step] = Joint(numbers: Self.numbers(path.attributes["d"] ?? ""))
    }
    return joints
  }

  struct Joint {
    let numbers: [Double]
    /// Where it is from left to right, and its ends from top to bottom.
    var x: Double { numbers[0] }
    var ends: (first: Double, second: Double) { (numbers[1], numbers[2]) }
    /// Where it is from the centre outwards: the radius of its arc.
    var radius: Double { numbers[2] }
    var points: [(x: Double, y: Double)] { [(numbers[0], numbers[1]), (numbers[7], numbers[8])] }
  }

  /// The starts of the parts of a path.
  static func starts(_ data: String) -> [(x: Double, y: Double)] {
    data.split(separator: "M").map { part in
      let numbers = numbers(String(part))
      return (numbers[0], numbers[1])
    }
  }

  /// All numbers in a path's data.
  static func numbers(_ data: String) -> [Double] {
    data.matches(of: /-?[0-9]*\.?[0-9]+/).compactMap { Double($0.output) }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    private var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let inherited = open.last.map { elements[$0].attributes } ?? [:]
      open.append(elements.count)
      elements.append(Element(name: name, attributes: attributes.merging(inherited) { own, _ in own }))
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      guard let last = open.last else { return }
      if elements[last].name == "title", let parent = open.dropLast().last {
        elements[parent].title += text
      } else {
        elements[last].text += text
        if elements[last].name == "tspan", let parent = open.dropLast().last { elements[parent].text += text }
      }
    }
  }
}

extension Picture.Element {
  func number(_ name: String) throws -> Double { try #require(attributes[name].flatMap(Double.init), "\(name)") }

  /// In degrees.
  var rotation: Double {
    attributes["transform"].flatMap { $0.firstMatch(of: /rotate\(([-.0-9]+)\)/) }.flatMap { Double($0.1) } ?? 0
  }

  /// The corners of the room that a text takes by the estimate of its width.
  func corners() throws -> [(x: Double, y: Double)] {
    let size = try number("font-size")
    let width = TextWidth.ems(text) * size
    var left = try number("x")
    if attributes["text-anchor"] == "middle" { left -= width / 2 }
    if attributes["text-anchor"] == "end" { left -= width }
    let y = try number("y")
    let angle = rotation * .pi / 180
    return [
      (left, y - size * 0.8), (left + width, y - size * 0.8), (left, y + size * 0.2), (left + width, y + size * 0.2),
    ]
    .map { ($0 * cos(angle) - $1 * sin(angle), $0 * sin(angle) + $1 * cos(angle)) }
  }
}
