/// Why a store can't be read or written.
public enum StoreError: Error, Sendable, Equatable {
  case noSuchStore(String)
  case notAStore(String)
  case newerFormat(String, found: Int, known: Int)
  case damaged(String, reason: String)
  case outputIsNoStore(String)
  case cannotCreate(String, reason: String)
  case cannotWrite(String, reason: String)
  case cannotRead(String, reason: String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noSuchStore(let path):
      "\(path): no such store; logitree build makes one"
    case .notAStore(let path):
      "\(path): not a store of logitree's; logitree build makes one"
    case .newerFormat(let path, let found, let known):
      "\(path): has format version \(found), and this program knows versions up to \(known); use a newer logitree"
    case .damaged(let path, let reason):
      "\(path): damaged: \(reason); build it again"
    case .outputIsNoStore(let path):
      "\(path): exists and is no store, so it is left alone; choose another name, or remove it"
    case .cannotCreate(let path, let reason):
      "\(path): can't be created: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path): can't be written: \(reason)"
    case .cannotRead(let path, let reason):
      "\(path): can't be read: \(reason)"
    }
  }
}
