import LogitsToHierarchy
import Report

/// Messages about what labels can't tell.
extension Advice {
  static func message(_ error: CalibrationError) -> Message {
    switch error {
    case .tooFewRows(_, areBlocks: true, _, _):
      "\(error); label rows of more blocks, find the confidence on more of them with --calibration-share, or promise less"
    case .tooFewRows:
      "\(error); label more rows, find the confidence on more of them with --calibration-share, or promise less"
    case .unreachable(_, let strange, _, _) where strange > 0:
      "\(error). Leave such rows out with a label below 0, or promise less"
    case .unreachable:
      """
      \(error). So the promise holds at the root alone, above all clusters. Promise less, or make the model less sure of \
      itself with --temperature, for which logitree evaluate STORE --labels FILE --fit-temperature finds a value
      """
    case .noTemperature, .noLikelihood:
      "\(error)"
    }
  }
}
