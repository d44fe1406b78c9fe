import Evaluation
import Glibc
import LogitStream
import LogitsToHierarchy
import Report

/// Messages about what is read.
extension Advice {
  static func message(_ error: LogitStreamError) -> Message {
    switch error {
    case .endsEarly:
      "\(error); was it copied or written to the end?"
    case .unknownFormat(let file, let format):
      "\(error). \(ForeignConversion(format, file: file).advice)"
    case .otherPickle(let file, _):
      """
      \(error). Nothing of it was executed. From Python, if you trust the file, since this executes what is in it:
        import torch; logits = torch.load(\(command: ForeignConversion.python(file)), weights_only=False)["logits"]
        torch.save(logits, "logits.pt")
      """
    case .unknownCodec(let file, let dataset, _):
      "\(error). \(ForeignConversion.rewritten(file, dataset))"
    case .severalDatasets:
      "\(error); choose one with --dataset"
    case .swappedArrays(_, let indices, let values):
      "\(error): --top-k \(command: Shell.quoted("\(values),\(indices)"))"
    case .singleArray:
      "\(error); np.savez(\"topk.npz\", values=values, indices=indices) makes one"
    case .tooManyKept:
      "\(error); --clusters is the number of all of them"
    case .columnMajorIntegers:
      "\(error); save it with np.ascontiguousarray"
    case .pythonObjects:
      "\(error); save it with .astype(\"U\")"
    case .missingFilter:
      """
      \(error); \(isStatic ? "this static program loads no plugins:" : "set HDF5_PLUGIN_PATH to where its plugin is, or") rewrite \
      the file: h5repack -f GZIP=4 OLD NEW
      """
    case .noRoomForContent:
      "\(error); TMPDIR says where it is, or save it with np.ascontiguousarray or np.save"
    case .unknownStream:
      "\(error); say it with --type float32 --clusters 1000"
    case .hasHeader(_, _, isStream: true):
      "\(error): give the file itself, or send its rows alone, as array.tofile does"
    case .hasHeader:
      "\(error): leave --raw away, since the header says what it holds"
    case .looksLikeType(_, let said, let found):
      "\(error): say \(found.argument), or, if they really are \(said.argument), --trust-type too"
    case .endsWithinRow:
      "\(error). Has its writer ended early, or are --type and --clusters others?"
    case .fewerRows:
      "\(error); has its writer ended early?"
    case .noWholeRows:
      "\(error); are --raw and --clusters others, or was it not written to the end?"
    case .otherStream(_, _, let spool):
      """
      \(error). All rows must come again, from the first on: \(command: "cat \(Shell.quoted(spool))") sends those that had come. \
      To begin with others instead: \(command: "rm \(Shell.quoted(spool))")
      """
    case .tooManyClusters:
      "\(error); are they rows? --transposed takes clusters × samples"
    case .changed:
      "\(error), so that what was made of it is dropped; run again when nothing writes to it"
    default:
      "\(error)"
    }
  }

  /// Whether this program has all libraries in it, and can load no others.
  private static var isStatic: Bool { dlopen(nil, RTLD_LAZY) == nil }

  static func message(_ error: BuildError) -> Message {
    switch error {
    case .invalidLogit(_, _, _, _, .probabilities):
      "\(error) (has the file logits? then leave --kind away); --on-invalid skip leaves such rows out"
    case .invalidLogit, .noFiniteLogit:
      "\(error); --on-invalid skip leaves such rows out"
    case .invalidTopK(_, _, .sumAboveOne(_, _, hasNormalizer: false)):
      """
      \(error); logits need their log-sum-exp (--normalizer), probabilities --kind probabilities; --on-invalid skip leaves \
      such rows out
      """
    case .invalidTopK(_, _, .restTooLarge):
      "\(error); are they log-probabilities, the largest, of --clusters clusters? --on-invalid skip leaves such rows out"
    case .invalidTopK:
      "\(error); --on-invalid skip leaves such rows out"
    case .undecided:
      "\(error); take estimates for them with --allow-estimates, or keep more of each row: a larger k decides more"
    case .onlyLargest:
      "\(error); what the rows were assigned to is in the store: logitree evaluate and logitree export take it from there"
    case .temperatureOfLargest, .exclusionFromLargest, .sketchlessLargest:
      "\(error)"
    case .neverWritten:
      "\(error); finish writing the file, leave them out with --on-invalid skip, or take them as logits with --allow-fill"
    case .tooManyUnwritten:
      "\(error); take rows that were written with --rows"
    case .looksLike(_, let kind):
      "\(error). Say what they are: --kind \(kind.rawValue), or --kind logits if they are logits all the same"
    case .changedBetweenPasses:
      "\(error); run again when nothing writes to it"
    case .notEnoughMemory(let needed, let given, let clusters):
      "\(clusters) clusters need at least \(ByteCount(needed).roundedUp) of memory, and --memory gives \(ByteCount(given))"
    case .noValidRows:
      "\(error)"
    }
  }

  static func message(_ error: EvaluationError) -> Message {
    switch error {
    case .unknownReference: "\(error); say what it is with --reference-kind"
    case .noLeafNames: "\(error); say them with --names FILE, one for each leaf in order"
    case .notUTF8(let file, _):
      "\(error); if it is Latin-1, iconv -f latin1 -t utf-8 \(command: Shell.quoted(file)) writes it anew"
    case .isWideText(let file):
      "\(error); iconv -f utf-16 -t utf-8 \(command: Shell.quoted(file)) writes it anew"
    default: "\(error)"
    }
  }
}
