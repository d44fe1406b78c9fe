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
}
