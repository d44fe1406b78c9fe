import Foundation
import Testing

@Suite("The map of the code, docs/architecture.md")
struct ArchitectureTests {
  @Test("Each path on it is there: in the package, in Sources or Tests, or in a module")
  func paths() throws {
    let page = try DocumentationPage("docs/architecture.md")
    let drawn = page.blocks("").flatMap { $0.matches(of: /[A-Za-z0-9]+(?:\/[A-Za-z0-9+]+)+/).map { String($0.output) } }
    // FILE:/dataset is a location of data.
    let paths = Set(page.codeInText.filter { $0.contains("/") && !$0.contains(":") } + drawn)
    #expect(paths.count > 50)
    let modules = try FileManager.default.contentsOfDirectory(atPath: Package.path("Sources"))
    let folders = ["", "Sources/", "Tests/"] + modules.map { "Sources/\($0)/" }
    for path in paths.sorted() {
      let candidates = folders.flatMap { [$0 + path, $0 + path + ".swift"] }
      #expect(candidates.contains { FileManager.default.fileExists(atPath: Package.path($0)) }, "\(path) is not there")
    }
  }

  @Test("Each type or member that it names is declared somewhere in the package")
  func names() throws {
    let page = try DocumentationPage("docs/architecture.md")
    let sources = try FileManager.default.subpathsOfDirectory(atPath: Package.path("Sources"))
      .filter { $0.hasSuffix(".swift") }
    let code = try sources.map { try String(contentsOfFile: Package.path("Sources/\($0)"), encoding: .utf8) }
    let declared = Set(
      code.flatMap { text in
        text.matches(of: /\b(?:actor|case|class|enum|func|let|protocol|struct|typealias|var) +([A-Za-z0-9]+)/).map {
          $0.1
        }
      })
    // Modules, folders and files have names too.
    let files = try FileManager.default.contentsOfDirectory(atPath: Package.path("Sources")) + sources
    let others = Set(files.flatMap { $0.replacing(".swift", with: "").split(separator: "/") })
    // Types, and `Type.member`; `OUTPUT.partial` is a file of the user's, and `Type` stands for any.
    let named = page.codeInText.filter {
      $0.wholeMatch(of: /[A-Z][A-Za-z0-9]+(?:\.[A-Za-z]+)*/) != nil && !$0.hasPrefix("OUTPUT") && !$0.hasPrefix("Type")
        && !$0.hasSuffix(".md")
    }
    #expect(named.count > 100)
    for name in Set(named).sorted() {
      for part in name.replacing(".swift", with: "").split(separator: ".") {
        #expect(declared.contains(part) || others.contains(part), "\(name): nothing is called \(part)")
      }
    }
  }
}
