import LogitsToHierarchy
import Report
import Store

/// A temperature that was fitted to labels, as a table or as JSON.
struct TemperatureReport {
  /// The store's path.
  let store: String
  let fit: TemperatureFit
  let stored: StoredHierarchy

  /// The digits that a temperature is printed with: more make no difference.
  private static let digits = 6

  var temperature: String { Text.significant(fit.temperature, digits: Self.digits) }

  var text: Message {
    var table = AlignedTable([
      .init("temperature"), .init("before", .right), .init("fitted", .right), .init(""),
    ])
    func add(_ name: String, _ before: Double, _ after: Double, _ meaning: String) {
      table.add([name, Text.fixed(before, digits: 4), Text.fixed(after, digits: 4), meaning])
    }
    table.add(["T", Text.significant(fit.start, digits: Self.digits), temperature, "what logits are divided by"])
    add("NLL", fit.before.loss, fit.fitted.loss, "mean of −log p of rows' labels, smallest at the fitted T")
    add(
      "calibration error", fit.before.calibrationError, fit.fitted.calibrationError,
      "how far the part that is right is from the confidence")
    let impossible =
      fit.before.impossibleRows > 0
      ? "\(Text.count(fit.before.impossibleRows, "row")) left out whose label has probability 0\n" : ""
    return """

      \(Message(drawn: table.text))\(impossible)\
      \(Text.count(fit.before.rows, "row")), read \(Text.count(fit.passes, "time")). This builds with it:
        \(command: Advice.buildCommand(stored.manifest.scannedData, of: store, temperature: temperature))

      """
  }

  var content: Content {
    Content(
      temperature: fit.temperature, nll: fit.fitted.loss, calibrationError: fit.fitted.calibrationError,
      startTemperature: fit.start, startNll: fit.before.loss, startCalibrationError: fit.before.calibrationError,
      rows: fit.before.rows, right: fit.before.right, impossibleRows: fit.before.impossibleRows, passes: fit.passes)
  }

  struct Content: Encodable {
    let temperature: Double
    let nll: Double
    let calibrationError: Double
    let startTemperature: Double
    let startNll: Double
    let startCalibrationError: Double
    let rows: Int
    let right: Int
    let impossibleRows: Int
    let passes: Int
  }
}
