/// The type of a tensor's elements.
struct TorchType: Sendable {
  /// As PyTorch calls it: "float32".
  let name: String
  let byteCount: Int

  private static let bytes = TorchType(name: "bytes", byteCount: 1)

  private init(name: String, byteCount: Int) {
    self.name = name
    self.byteCount = byteCount
  }

  private static let storages = [
    "HalfStorage": "float16", "BFloat16Storage": "bfloat16", "FloatStorage": "float32", "DoubleStorage": "float64",
    "CharStorage": "int8", "ByteStorage": "uint8", "ShortStorage": "int16", "IntStorage": "int32",
    "LongStorage": "int64",
    "BoolStorage": "bool", "ComplexFloatStorage": "complex64", "ComplexDoubleStorage": "complex128",
  ]
  private static let byteCounts = [
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "int8": 1, "uint8": 1, "int16": 2, "int32": 4, "int64": 8,
    "uint16": 2, "uint32": 4, "uint64": 8, "bool": 1, "complex64": 8, "complex128": 16, "float8_e4m3fn": 1,
    "float8_e5m2": 1, "float8_e4m3fnuz": 1, "float8_e5m2fnuz": 1, "float8_e8m0fnu": 1, "complex32": 4,
  ]

  /// By the name of a type: "torch.float32".
  init?(name: String) {
    guard name.hasPrefix("torch."), let byteCount = Self.byteCounts[String(name.dropFirst(6))] else { return nil }
    self.init(name: String(name.dropFirst(6)), byteCount: byteCount)
  }

  /// By the class of a storage: "torch.FloatStorage". One without a type is counted in bytes.
  init?(storage: String) {
    if storage == "torch.storage.UntypedStorage" || storage == "torch.UntypedStorage" {
      self = Self.bytes
      return
    }
    guard storage.hasPrefix("torch."), let name = Self.storages[String(storage.dropFirst(6))] else { return nil }
    self.init(name: "torch." + name)
  }

  func format(isBigEndian: Bool) -> LogitFormat? {
    LogitFormat.Precision(rawValue: name).map { LogitFormat(precision: $0, isBigEndian: isBigEndian) }
  }

  func integerFormat(isBigEndian: Bool) -> IntegerFormat? {
    guard name.hasPrefix("int") || name.hasPrefix("uint") else { return nil }
    return IntegerFormat(byteCount: byteCount, isSigned: name.hasPrefix("int"), isBigEndian: isBigEndian)
  }
}

/// Numbers that tensors are views of.
struct TorchStorage: Sendable {
  let type: TorchType
  /// What its member is called.
  let key: String
  /// The number of elements.
  let count: Int
}

/// A tensor, as a pickle describes it: some elements of a storage.
struct TorchTensor: Sendable {
  let type: TorchType
  let storage: TorchStorage
  /// The first element, and the distances of neighbours along each dimension, counted in elements.
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  /// The functions that tensors are put together by, by what arguments they take.
  enum Form {
    case first
    case second
    case third

    init?(function: String) {
      switch function {
      case "torch._utils._rebuild_tensor": self = .first
      case "torch._utils._rebuild_tensor_v2": self = .second
      case "torch._utils._rebuild_tensor_v3": self = .third
      default: return nil
      }
    }

    /// The fewest arguments.
    var least: Int { self == .first ? 4 : self == .second ? 6 : 7 }
    /// The place of an argument that may tell that numbers are other than those stored.
    var metadata: Int { self == .third ? 7 : 6 }
  }

  /// The element after the last; nil if that is beyond all numbers.
  var end: Int? {
    guard !shape.contains(0) else { return offset }
    var last = offset
    for (length, stride) in zip(shape, strides) {
      let (distance, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflows) = last.addingReportingOverflow(distance)
      guard !overflow, !overflows else { return nil }
      last = sum
    }
    return last == Int.max ? nil : last + 1
  }

  /// Whether elements lie as those of an array whose last index changes fastest. Along a dimension of length 1 there are no
  /// neighbours.
  var isRowMajor: Bool { isLike(ChunkGrid.strides(shape)) }

  /// Whether they lie column after column.
  var isColumnMajor: Bool { shape.count == 2 && !isRowMajor && isLike([1, shape[0]]) }

  private func isLike(_ other: [Int]) -> Bool {
    shape.contains(0) || shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == other[$0] }
  }
}
