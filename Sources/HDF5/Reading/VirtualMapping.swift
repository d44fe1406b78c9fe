import CHDF5
import Texts

/// A part of a virtual dataset: elements of another dataset that stand for elements of it.
package struct VirtualMapping: Sendable, Equatable {
  /// A box of elements.
  package struct Box: Sendable, Equatable {
    package let start: [Int]
    package let count: [Int]

    package init(start: [Int], count: [Int]) {
      self.start = start
      self.count = count
    }
  }

  /// The name of the source's file as it is written in the virtual dataset; "." for the file that this is in.
  package let file: String
  package let dataset: String
  /// The number of elements; nil if it has no limit.
  package let elementCount: Int?
  /// Which elements of the virtual dataset it gives, and which of the source they are, in the same order; nil if these are
  /// no boxes.
  package let boxes: Boxes?

  package struct Boxes: Sendable, Equatable {
    package let target: Box
    package let source: Box
  }
}

extension Dataset {
  /// More parts than a virtual dataset has. A few bytes can stand for any number, by a pattern.
  private static var mostMappings: Int { 1 << 20 }

  /// The parts that a virtual dataset is made of.
  ///
  /// - Throws: ``HDF5Error`` if it makes no sense.
  package var mappings: [VirtualMapping] {
    get throws(HDF5Error) {
      try withLibrary { () throws(HDF5Error) in
        let operation = "look for the dataset's parts"
        let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
        var count = 0
        try subject.check(operation, H5Pget_virtual_count(properties.id, &count))
        var mappings: [VirtualMapping] = []
        for index in 0..<count {
          mappings += try self.mappings(properties.id, index, operation)
          guard mappings.count <= Self.mostMappings else { throw subject.error(operation, "there are too many") }
        }
        return mappings
      }
    }
  }

  private func mappings(_ properties: hid_t, _ index: Int, _ operation: String) throws(HDF5Error) -> [VirtualMapping] {
    let subject = self.subject
    let file = try name(operation) { H5Pget_virtual_filename(properties, index, $0, $1) }
    let dataset = try name(operation) { H5Pget_virtual_dsetname(properties, index, $0, $1) }
    let target = try subject.open(operation, closingWith: H5Sclose, H5Pget_virtual_vspace(properties, index))
    let source = try subject.open(operation, closingWith: H5Sclose, H5Pget_virtual_srcspace(properties, index))
    let (from, to) = (Hyperslab(source.id), Hyperslab(target.id))
    // The library does not say how large a source is of which all is taken: as large as its place.
    let isWhole = from == nil && H5Sget_select_type(source.id) == H5S_SEL_ALL
    let names = (file: NamePattern(file), dataset: NamePattern(dataset))
    guard names.file.isPattern || names.dataset.isPattern else {
      return [
        VirtualMapping(
          file: names.file.name(0), dataset: names.dataset.name(0), elementCount: elementCount(target.id),
          boxes: isWhole ? to?.box(upTo: shape).flatMap(Self.boxes) : boxes(to, from))
      ]
    }
    // A pattern stands for one source for each block along the dimension without limit.
    let sourceBox = from?.box(upTo: nil)
    guard let to, let dimension = to.unlimitedDimension, isWhole || sourceBox != nil, to.stride[dimension] > 0 else {
      throw subject.error(operation, "a pattern of names without blocks that it stands for")
    }
    let length = shape[dimension] - to.start[dimension]
    let blocks = length > 0 ? (length - 1) / to.stride[dimension] + 1 : 0
    guard blocks <= Self.mostMappings else { throw subject.error(operation, "there are too many") }
    return (0..<blocks).map { block in
      VirtualMapping(
        file: names.file.name(block), dataset: names.dataset.name(block), elementCount: nil,
        boxes: to.box(block: block, along: dimension, within: shape).flatMap { target in
          sourceBox.map { Self.boxes(target, $0) } ?? Self.boxes(target)
        })
    }
  }

  private func elementCount(_ space: hid_t) -> Int? {
    let count = H5Sget_select_npoints(space)
    return count < 0 ? nil : Int(count)
  }

  private func boxes(_ target: Hyperslab?, _ source: Hyperslab?) -> VirtualMapping.Boxes? {
    guard let target = target?.box(upTo: shape) else { return nil }
    // A source that grows gives as much as is asked of it.
    return source?.box(upTo: nil, count: target.count).flatMap { Self.boxes(target, $0) }
  }

  /// The boxes if all of a source is taken.
  private static func boxes(_ target: VirtualMapping.Box) -> VirtualMapping.Boxes? {
    VirtualMapping.Boxes(
      target: target, source: VirtualMapping.Box(start: target.start.map { _ in 0 }, count: target.count))
  }

  /// The boxes, if their elements are in the same order: they have the same sides, but for those of length 1.
  private static func boxes(_ target: VirtualMapping.Box, _ source: VirtualMapping.Box) -> VirtualMapping.Boxes? {
    guard target.count.filter({ $0 != 1 }) == source.count.filter({ $0 != 1 }) else { return nil }
    return VirtualMapping.Boxes(target: target, source: source)
  }

  /// A name that the library gives in two calls: the first returns its length, the second its bytes.
  private func name(
    _ operation: String, _ get: (UnsafeMutablePointer<CChar>?, Int) -> Int
  ) throws(HDF5Error) -> String {
    let length = try subject.check(operation, get(nil, 0))
    var characters = [CChar](repeating: 0, count: length + 1)
    try subject.check(operation, get(&characters, characters.count))
    return String(systemCharacters: characters)
  }
}

/// A name in which %b stands for the number of a block, and %% for %.
private struct NamePattern {
  private var parts: [String] = [""]

  var isPattern: Bool { parts.count > 1 }

  init(_ text: String) {
    var rest = text.unicodeScalars[...]
    while let character = rest.popFirst() {
      if character == "%", rest.first == "%" || rest.first == "b" {
        if rest.popFirst() == "b" { parts.append("") } else { parts[parts.count - 1] += "%" }
      } else {
        parts[parts.count - 1].unicodeScalars.append(character)
      }
    }
  }

  func name(_ block: Int) -> String { parts.joined(separator: String(block)) }
}

/// A regular selection of elements.
private struct Hyperslab {
  let start: [Int]
  let stride: [Int]
  /// How many blocks there are along each dimension; nil for without limit.
  let count: [Int?]
  /// The length of a block; nil for without limit.
  let block: [Int?]

  /// Reads the selection of a dataspace; nil if it is no regular one.
  init?(_ space: hid_t) {
    let dimensions = Int(H5Sget_simple_extent_ndims(space))
    guard dimensions > 0 else { return nil }
    var (starts, strides) = ([hsize_t](repeating: 0, count: dimensions), [hsize_t](repeating: 1, count: dimensions))
    var (counts, blocks) = (strides, strides)
    switch H5Sget_select_type(space) {
    case H5S_SEL_ALL: guard H5Sget_simple_extent_dims(space, &blocks, nil) >= 0 else { return nil }
    case H5S_SEL_HYPERSLABS:
      guard H5Sis_regular_hyperslab(space) > 0,
        H5Sget_regular_hyperslab(space, &starts, &strides, &counts, &blocks) >= 0
      else { return nil }
    default: return nil
    }
    func limited(_ value: hsize_t) -> Int? { value == CHDF5_UNLIMITED ? nil : Int(clamping: value) }
    start = starts.map { Int(clamping: $0) }
    stride = strides.map { Int(clamping: $0) }
    count = counts.map(limited)
    block = blocks.map(limited)
  }

  var unlimitedDimension: Int? { count.firstIndex { $0 == nil } ?? block.firstIndex { $0 == nil } }

  /// The selection as a box, which ends where `shape` does; nil if it is none.
  ///
  /// - Parameter wanted: The lengths that stand for those without limit.
  func box(upTo shape: [Int]?, count wanted: [Int]? = nil) -> VirtualMapping.Box? {
    var lengths: [Int] = []
    for dimension in start.indices {
      let rest = shape.map { max(0, $0[dimension] - start[dimension]) }
      guard let blocks = count[dimension], let length = block[dimension] else {
        guard block[dimension] == nil || stride[dimension] == block[dimension] else { return nil }
        let wanted = wanted.flatMap { dimension < $0.count ? $0[dimension] : nil }
        guard let length = rest ?? wanted else { return nil }
        lengths.append(length)
        continue
      }
      guard blocks == 1 || stride[dimension] == length else { return nil }
      let (product, overflow) = blocks.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      lengths.append(min(product, rest ?? product))
    }
    return VirtualMapping.Box(start: start, count: lengths)
  }

  /// One block of those along a dimension without limit.
  func box(block number: Int, along dimension: Int, within shape: [Int]) -> VirtualMapping.Box? {
    var (starts, counts, blocks) = (start, count, block)
    starts[dimension] += number * stride[dimension]
    counts[dimension] = 1
    // Blocks are as long as the source gives, which the last one may cut off.
    if blocks[dimension] == nil { blocks[dimension] = stride[dimension] }
    return Hyperslab(start: starts, stride: stride, count: counts, block: blocks).box(upTo: shape)
  }

  private init(start: [Int], stride: [Int], count: [Int?], block: [Int?]) {
    (self.start, self.stride, self.count, self.block) = (start, stride, count, block)
  }
}
