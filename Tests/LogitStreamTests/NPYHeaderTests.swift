import Foundation
import LogitStream
import TestSupport
import Testing

/// What NumPy makes of a file, or what we do.
private struct Verdict: Codable, Equatable {
  var shape: [Int]
  /// As NumPy writes it, for types that logits have; nil for others.
  var type: String?
  var isColumnMajor: Bool
}

/// A file with a header of our making, and 4 kB of data after it.
private struct HeaderFile {
  var version: (UInt8, UInt8) = (1, 0)
  var header: [UInt8]

  init(version: (UInt8, UInt8), header: [UInt8]) {
    self.version = version
    self.header = header
  }

  /// A header of text, in the encoding of the version: before 3 a byte is a character.
  init(version: UInt8, _ text: String) {
    let header = version == 3 ? Array(text.utf8) : text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    self.init(version: (version, 0), header: header)
  }

  var bytes: [UInt8] {
    let lengthBytes = version.0 == 1 ? 2 : 4
    let length = (0..<lengthBytes).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version.0, version.1] + length + header + [UInt8](repeating: 1, count: 4096)
  }
}

@Suite("Headers of .npy files")
struct NPYHeaderTests {
  /// What NumPy makes of files. An order of elements means something only for two dimensions or more.
  private func numPyVerdicts(_ paths: [String]) throws -> [Verdict?] {
    try PythonOracle.run(
      """
      import warnings
      import numpy as np
      warnings.simplefilter("ignore")
      def verdict(path):
        try:
          a = np.load(path)
        except BaseException:
          return None
        known = a.dtype.str if a.dtype.names is None and a.dtype.str[1:] in ("f2", "f4", "f8", "V2") else None
        f = a.flags
        return {"shape": a.shape, "type": known, "isColumnMajor": f.f_contiguous and not f.c_contiguous}
      results = [verdict(path) for path in cases]
      """, on: paths)
  }

  private func ownVerdict(_ path: String) -> Result<Verdict, any Error> {
    Result {
      let array = try ArrayContainer(opening: path).array(named: nil)
      let type: String? = array.format.map { format in
        let order = format.isBigEndian ? ">" : "<"
        return switch format.precision {
        case .float16: order + "f2"
        case .float32: order + "f4"
        case .float64: order + "f8"
        case .bfloat16: "|V2"
        }
      }
      // NumPy takes arrays of which no more than one length differs from 1 as lying in both orders.
      let isColumnMajor = array.isColumnMajor && array.shape.count { $0 != 1 } > 1 && !array.shape.contains(0)
      return Verdict(shape: array.shape, type: type, isColumnMajor: isColumnMajor)
    }
  }

  /// Both read a file alike, or neither does. A type that is none of logits' may be an error here and not there.
  private func compare(_ files: [HeaderFile]) throws {
    let directory = try TemporaryDirectory()
    let paths = try files.enumerated().map { index, file in
      let path = directory.path("\(index).npy")
      try Data(file.bytes).write(to: URL(fileURLWithPath: path))
      return path
    }
    var taken = 0
    for (index, expected) in try numPyVerdicts(paths).enumerated() {
      let text = "\(files[index].version) " + String(decoding: files[index].header, as: UTF8.self)
      switch ownVerdict(paths[index]) {
      case .success(let found):
        #expect(expected != nil || found.type == nil, "taken, and NumPy refuses: \(text)")
        // An array without elements is read as one of numbers, though its type is one of small arrays.
        if let expected, expected.type != nil || found.type != nil, found.type != nil || !expected.shape.contains(0) {
          #expect(found == expected, "\(text)")
          taken += 1
        }
      case .failure(let error):
        #expect(expected?.type == nil, "refused (\(error)), and NumPy takes it: \(text)")
      }
    }
    #expect(files.count < 100 || taken > files.count / 10, "\(taken) of \(files.count) were taken by both")
  }

  @Test("Each is taken as NumPy takes it, or refused as NumPy refuses it")
  func known() throws {
    func header(_ type: String, _ order: String, _ shape: String) -> String {
      "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }"
    }
    let shapes = [
      "(6, 20)", "(6L, 20L)", "(6 L, 20)", "(6, 20L L)", "(6l, 20)", "(6 0, 2)", "(6 ,2)", "(06, 2)", "(00, 2)",
      "(0, 2)",
      "(6,, 2)", "(,6, 2)", "(6, 2,)", "(6, 2,,)", "(6 2)", "(6)", "(6,)", "()", "(,)", "[6, 2]", "6, 2", "(6, [2])",
      "(6, (2,))", "(+6, 2)", "(-6, 2)", "(-1, 20)", "(- 0, 2)", "(--6, 2)", "(+(6), 2)", "(-(-6), 2)", "(+True, 2)",
      "(True, 2)", "(False, 2)", "(None, 2)", "(6.0, 2)", "(6., 2)", "(6e0, 2)", "(6j, 2)", "(6+0, 2)", "(6_0, 2)",
      "(6__0, 2)", "(_6, 2)", "(6_, 2)", "(0x6, 2)", "(0X_6, 0b10)", "(0o6, 0B1_0)", "(0x, 2)", "(0b2, 2)", "(0_0, 2)",
      "((6), ((2)))", "((6, 2))", "(6,\n 2)", "(6, # rows\n 2)", "(6,\\\n 2)", "(6,\u{C}\t2)", "(6,\r\n2)", "(6,\r2)",
      "(99999999999999999999, 2)", "(4611686018427387904, 4)", "(9223372036854775807, 2)", "(6, 2) + ()",
      "(6, 2) if 1 else 0",
      "('6', 2)", "(6, *(2,))", "(6; 2)", "{6, 2}", "(6, 2", "6, 2)", "(2, 3, 4)", "(1, 6, 1)", "(6L\n, 2)",
      "(0x6L, 2)", "(6, 2)L", String(repeating: "(", count: 150) + "6, 2" + String(repeating: ")", count: 150),
    ]
    var texts = shapes.flatMap { [header("'<f4'", "False", $0), header("'>f2'", "True", $0)] }
    let types = [
      "'f4'", "'=f4'", "'|f4'", "'>f8'", "'f'", "'e'", "'>d'", "'<e'", "'g'", "'float32'", "'half'", "'single'",
      "'double'",
      "'float'", "'float16'", "'float64'", "'<float32'", "'Float32'", "'float128'", "'?f4'", "'~f4'", "'.f4'", "' f4'",
      "'f4 '",
      "',f4'", "'f4,'", "'f4,f4'", "'6f4'", "'(2,)f4'", "'!f4'", "'f 4'", "'f04'", "'f+4'", "'f-4'", "'f3'", "'f'\n'4'",
      "'<' 'f4'", "u'<f4'", "U'<f4'", "r'<f4'", "R'<f4'", "b'<f4'", "f'<f4'", "ur'<f4'", "'\\x3cf4'", "'\\74f4'",
      "'\\u003cf4'",
      "'\\U0000003cf4'", "'\\x3'", "'\\u3c'", "'\\777'", "'\\q'", "'\\ud800'", "'\\\nf4'", "'''<f4'''",
      "\"\"\"<f4\"\"\"", "'''\nf4'''",
      "\"<f4\"", "'<f4", "<f4'", "''", "'<'", "'<f4\\0'", "('<f4')", "('<f4',)", "('<f4', (2,))", "[('a', '<f4')]",
      "[('a', '<f4'), ('b', '<f4', (3,))]", "[('f0', '<f4', (1,))]", "'|V2'", "'<V2'", "'>V2'", "'V02'", "'V4'", "'V'",
      "'<i4'",
      "'|u1'", "'b'", "'|b1'", "'O'", "'<U3'", "'|S2'", "'<c8'", "'<M8[s]'", "None", "1", "'\u{B}'", "'\u{17}'", "'F4'",
      "'d8'", "'f4\n'",
    ]
    texts += types.map { header($0, "False", "(6, 2)") }
    texts += ["0", "1", "None", "'True'", "true", "(True)", "not True", "Truee", "-True"].map {
      header("'<f4'", $0, "(6, 2)")
    }
    let good = header("'<f4'", "False", "(6, 2)")
    let fields = "'descr': '<f4', 'fortran_order': False, 'shape': (6, 2)"
    texts += [
      " \(good)", "\t\(good)", "\n\(good)", "\n \(good)", "\u{C}\(good)", "\u{C} \(good)", "# a\n\(good)",
      " # a\n \n\(good)",
      "\(good)\n\n  \n", "\(good) # a", "\(good)#a\n#b", "\(good)  'shape': (1, 2)", "\(good),", "\(good);",
      "\(good)\n1", "\(good)\n  #",
      "(\(good))", "[\(good)]", "\(good)[0]", "\(good).x", "", "{}", "{ }", "{,}", "{\(fields)}", "{\(fields),,}",
      "{,\(fields)}",
      "{\(fields), 'shape': (3, 4)}", "{'shape': (3, 4), \(fields)}", "{\(fields), 'extra': 1}", "{\(fields), **{}}",
      "{\(fields), 1: 2}",
      "{'descr': '<f4' 'fortran_order': False 'shape': (6, 2)}", "{'descr': '<f4', 'shape': (6, 2)}", "\(good)\0",
      "\0\(good)",
      "{('descr'): '<f4', u'fortran_order': False, 'sh' 'ape': (6, 2)}",
      "{\n'descr':'<f4'\n,'fortran_order':False,'shape':(6,2)\n}\n",
      "{b'descr': '<f4', 'fortran_order': False, 'shape': (6, 2)}", "dict(\(fields))", "{\(fields) # no\n}",
      "{\(fields) \\\n}", "\u{A0}\(good)",
      "{ 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 6 , 2 ) , }",
      good + String(repeating: " ", count: 9000),
      good + String(repeating: " ", count: 10000), "{'descr\u{301}': 1, \(fields)}", "# é\n\(good)", "{\(fields)}é",
    ]
    var files: [HeaderFile] = []
    for text in texts { files += [1, 2, 3].map { HeaderFile(version: $0, text) } }
    files += [(0, 0), (1, 1), (2, 5), (4, 0), (3, 1)].map { HeaderFile(version: $0, header: Array(good.utf8)) }
    files.append(HeaderFile(version: (3, 0), header: Array(good.utf8) + [0xFF]))
    try compare(files)
  }

  /// The number of headers with random errors, 2000 or what LOGITREE_HEADERS says.
  private static let count = ProcessInfo.processInfo.environment["LOGITREE_HEADERS"].flatMap(Int.init) ?? 2000

  @Test("With random errors they are taken as NumPy takes them", arguments: seeds(1))
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let types = ["'<f4'", "'>f8'", "'f2'", "\"=f4\"", "'float32'", "'|V2'", "u'd'", "'''<f4'''", "'\\x3cf4'"]
    let alphabet = Array(
      " \t\n\\'\"(){}[],:#LlxXo_+-0123456789TFalsedescrfortran_orderhp<>=|?\u{C}\rérRuUbB.;".unicodeScalars)
    let files = (0..<Self.count).map { _ in
      let long = generator.happens(0.2) ? "L" : ""
      var fields = [
        "'descr': \(types.randomElement(using: &generator) ?? "")",
        "'fortran_order': \(generator.happens(0.5) ? "True" : "False")",
        "'shape': (\(generator.int(0...9))\(long), \(generator.int(1...9))\(long))",
      ]
      fields.shuffle(using: &generator)
      var text = Array("{\(fields.joined(separator: ", ")), }".unicodeScalars)
      for _ in 0..<generator.int(0...3) {
        let position = generator.int(0...text.count - 1)
        let letter = alphabet.randomElement(using: &generator) ?? " "
        switch generator.int(0...3) {
        case 0: text[position] = letter
        case 1: text.insert(letter, at: position)
        case 2: text.remove(at: position)
        default: text.swapAt(position, generator.int(0...text.count - 1))
        }
      }
      return HeaderFile(version: UInt8(generator.int(1...3)), String(String.UnicodeScalarView(text)))
    }
    try compare(files)
  }
}
