/// What a value of a pickle is, as far as tensors need it. Lists and the like are numbers of what the machine holds.
enum PickleValue: Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case text(String)
  /// A value that is no tensor and has none in it: a float, bytes, a type, a device.
  case plain
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  /// A function or class, by its module and name.
  case global(String)
  case storage(Int)
  case tensor(Int)
}

/// Reads a pickle as `torch.save` writes it, in protocols 2 to 5.
///
/// It knows numbers, texts, tuples, lists, dictionaries and tensors, and the few functions that put these together. Nothing is
/// ever executed: what else a pickle would call is refused by its name. It neither recurses nor copies what is shared, so that
/// no pickle takes more than a fixed multiple of its bytes.
struct PickleMachine {
  /// Why a pickle can't be read, and at which byte that was seen, from 0.
  struct Failure: Error {
    let position: Int
    let reason: String
  }

  private(set) var sequences: [[PickleValue]] = []
  private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  private(set) var storages: [TorchStorage] = []
  private(set) var tensors: [TorchTensor] = []

  private let bytes: [UInt8]
  private var position = 0
  private var stack: [PickleValue] = []
  /// The heights of the stack at which what is being put together begins.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// More values than these are not what holds tensors.
  private static let mostValues = 1 << 22

  /// - Parameter bytes: The pickle, from its first byte; others may follow its end.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the pickle.
  ///
  /// - Throws: ``Failure``
  mutating func run() throws(Failure) -> PickleValue {
    var steps = 0
    while true {
      steps += 1
      guard steps <= Self.mostValues else { throw failure("it has more than \(Self.mostValues) values") }
      let code = try byte()
      if code == UInt8(ascii: ".") {
        guard stack.count == 1, marks.isEmpty else { throw failure("it ends with \(stack.count) values") }
        return stack[0]
      }
      try step(code)
    }
  }

  func failure(_ reason: String) -> Failure { Failure(position: position, reason: reason) }

  // MARK: Instructions

  private mutating func step(_ code: UInt8) throws(Failure) {
    switch code {
    case 0x80:
      let protocolNumber = try byte()
      guard 2...5 ~= protocolNumber else { throw failure("it is of protocol \(protocolNumber); 2 to 5 are known") }
    case 0x95: _ = try length(8)
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
    case UInt8(ascii: "M"): stack.append(.integer(try length(2)))
    case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try length(4)))))
    case 0x8A: try longInteger(Int(try byte()))
    case 0x8B: try longInteger(try length(4))
    case UInt8(ascii: "G"):
      _ = try take(8)
      stack.append(.plain)
    case UInt8(ascii: "X"): stack.append(.text(try text(try length(4))))
    case 0x8C: stack.append(.text(try text(Int(try byte()))))
    case 0x8D: stack.append(.text(try text(try length(8))))
    case UInt8(ascii: "B"), UInt8(ascii: "T"): try plain(try length(4))
    case UInt8(ascii: "C"), UInt8(ascii: "U"): try plain(Int(try byte()))
    case 0x8E, 0x96: try plain(try length(8))
    case UInt8(ascii: ")"): pushSequence([], PickleValue.tuple)
    case UInt8(ascii: "t"): pushSequence(try popToMark(), PickleValue.tuple)
    case 0x85, 0x86, 0x87:
      var elements: [PickleValue] = []
      for _ in 0..<(code - 0x84) { elements.insert(try pop(), at: 0) }
      pushSequence(elements, PickleValue.tuple)
    case UInt8(ascii: "]"): pushSequence([], PickleValue.list)
    case UInt8(ascii: "l"): pushSequence(try popToMark(), PickleValue.list)
    case UInt8(ascii: "a"):
      let element = try pop()
      try append([element])
    case UInt8(ascii: "e"): try append(try popToMark())
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: "d"):
      let items = try popToMark()
      pushDictionary()
      try setItems(items)
    case UInt8(ascii: "s"):
      let value = try pop()
      let key = try pop()
      try setItems([key, value])
    case UInt8(ascii: "u"): try setItems(try popToMark())
    case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
    case UInt8(ascii: "r"): memo[try length(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): try recall(Int(try byte()))
    case UInt8(ascii: "j"): try recall(try length(4))
    case UInt8(ascii: "c"): stack.append(.global(try line() + "." + line()))
    case 0x93:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw failure("a name is no text")
      }
      stack.append(.global(module + "." + name))
    case UInt8(ascii: "Q"): try findStorage(try pop())
    case UInt8(ascii: "R"):
      let arguments = try pop()
      stack.append(try call(try pop(), arguments))
    case UInt8(ascii: "b"): try build(try pop())
    default: throw failure("it has an instruction that `torch.save` does not write for tensors, \(code)")
    }
  }

  private mutating func pushSequence(_ elements: [PickleValue], _ kind: (Int) -> PickleValue) {
    sequences.append(elements)
    stack.append(kind(sequences.count - 1))
  }

  private mutating func pushDictionary() {
    dictionaries.append([])
    stack.append(.dictionary(dictionaries.count - 1))
  }

  private mutating func append(_ elements: [PickleValue]) throws(Failure) {
    guard case .list(let index) = try top() else { throw failure("something is added to what is no list") }
    sequences[index] += elements
  }

  private mutating func setItems(_ items: [PickleValue]) throws(Failure) {
    guard case .dictionary(let index) = try top(), items.count % 2 == 0 else {
      throw failure("something is added to what is no dictionary")
    }
    for place in stride(from: 0, to: items.count, by: 2) {
      dictionaries[index].append((items[place], items[place + 1]))
    }
  }

  private mutating func recall(_ number: Int) throws(Failure) {
    guard let value = memo[number] else { throw failure("it recalls what it has not noted") }
    stack.append(value)
  }

  /// The attributes of an object. Of an `OrderedDict` they are the state dictionary's versions, which no tensor needs.
  private mutating func build(_ state: PickleValue) throws(Failure) {
    guard case .dictionary = try top() else { throw failure("it sets attributes of what is no dictionary") }
  }

  // MARK: What is called

  private mutating func findStorage(_ identifier: PickleValue) throws(Failure) {
    guard case .tuple(let index) = identifier, sequences[index].count == 5, case .text("storage") = sequences[index][0],
      case .global(let type) = sequences[index][1], case .text(let key) = sequences[index][2],
      case .integer(let count) = sequences[index][4], count >= 0
    else { throw failure("it refers to something else than a storage of numbers") }
    guard let elements = TorchType(storage: type) else {
      throw failure("it has a storage of a type that is not known, \(type)")
    }
    storages.append(TorchStorage(type: elements, key: key, count: count))
    stack.append(.storage(storages.count - 1))
  }

  /// What calling something would give, if it is known; nothing is called.
  private mutating func call(_ function: PickleValue, _ arguments: PickleValue) throws(Failure) -> PickleValue {
    guard case .global(let name) = function else { throw failure("it calls what is no function") }
    guard case .tuple(let index) = arguments else { throw failure("it calls \(name) with what is no tuple") }
    let values = sequences[index]
    switch name {
    case "collections.OrderedDict" where values.isEmpty:
      dictionaries.append([])
      return .dictionary(dictionaries.count - 1)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard let data = values.first, case .tensor = data else { throw failure("a parameter is no tensor") }
      return data
    case "torch._tensor._rebuild_from_type_v2":
      guard values.count == 4, case .global(let type) = values[1],
        ["torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter"].contains(type),
        case .global(let inner) = values[0], inner != name
      else { throw failure("it has a tensor of a class of its own") }
      return try call(values[0], values[2])
    case "torch.Size":
      guard values.count == 1 else { throw failure("torch.Size has one argument") }
      return values[0]
    case "torch.device", "_codecs.encode": return .plain
    default:
      guard let form = TorchTensor.Form(function: name) else {
        throw failure("it would call \(name), which nothing here does")
      }
      tensors.append(try tensor(form, values))
      return .tensor(tensors.count - 1)
    }
  }

  private func tensor(_ form: TorchTensor.Form, _ values: [PickleValue]) throws(Failure) -> TorchTensor {
    guard values.count >= form.least, case .storage(let index) = values[0], case .integer(let offset) = values[1],
      offset >= 0, let shape = integers(values[2]), let strides = integers(values[3]), shape.count == strides.count
    else { throw failure("a tensor is not described as tensors are") }
    let storage = storages[index]
    var type = storage.type
    if form == .third {
      guard case .global(let name) = values[6], let own = TorchType(name: name) else {
        throw failure("a tensor is of a type that is not known")
      }
      type = own
    }
    guard values.count <= form.metadata || isEmpty(values[form.metadata]) else {
      throw failure("a tensor is a view whose numbers are other than those stored (conjugated or negated)")
    }
    return TorchTensor(type: type, storage: storage, offset: offset, shape: shape, strides: strides)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value else { return nil }
    var numbers: [Int] = []
    for element in sequences[index] {
      guard case .integer(let number) = element, number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  private func isEmpty(_ value: PickleValue) -> Bool {
    switch value {
    case .none: true
    case .dictionary(let index):
      dictionaries[index].allSatisfy { if case .boolean(false) = $0.value { true } else { false } }
    default: false
    }
  }

  // MARK: Bytes

  private func top() throws(Failure) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw failure("a value is missing") }
    return value
  }

  private mutating func pop() throws(Failure) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func popToMark() throws(Failure) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure("a mark is missing") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func byte() throws(Failure) -> UInt8 {
    guard position < bytes.count else { throw failure("it ends early") }
    position += 1
    return bytes[position - 1]
  }

  private mutating func take(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw failure("it ends early") }
    position += count
    return bytes[position - count..<position]
  }

  /// A number of so many bytes, the lowest first.
  private mutating func length(_ byteCount: Int) throws(Failure) -> Int {
    let number = try take(byteCount).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard let length = Int(exactly: number) else { throw failure("a length is impossible") }
    return length
  }

  private mutating func text(_ count: Int) throws(Failure) -> String {
    guard let text = String(validating: try take(count), as: UTF8.self) else { throw failure("a text is not UTF-8") }
    return text
  }

  private mutating func plain(_ count: Int) throws(Failure) {
    _ = try take(count)
    stack.append(.plain)
  }

  private mutating func line() throws(Failure) -> String {
    let rest = bytes[position...]
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw failure("it ends early") }
    let text = try text(end - position)
    position += 1
    return text
  }

  /// An integer of any length, in two's complement; one that is too long for an `Int` is no size.
  private mutating func longInteger(_ count: Int) throws(Failure) {
    let digits = try take(count)
    guard digits.count <= 8 else { return stack.append(.plain) }
    let isNegative = (digits.last ?? 0) & 0x80 != 0
    stack.append(.integer(digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }))
  }
}
