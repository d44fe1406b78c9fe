import Foundation
import Testing

@Suite("The program that is built beside the tests")
struct VersionTests {
  @Test("It starts, and says its version")
  func version() throws {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    let output = Pipe()
    process.executableURL = products.appending(path: "logitree")
    process.arguments = ["--version"]
    process.standardOutput = output
    try process.run()
    process.waitUntilExit()
    let version = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(process.terminationStatus == 0 && version.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil, "\(version)")
  }
}
