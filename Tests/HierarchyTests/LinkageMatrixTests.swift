import Hierarchy
import TestSupport
import Testing

@Suite("Linkage matrices")
struct LinkageMatrixTests {
  private func rows(_ tree: ClusterHierarchy) -> [[Double]] { tree.linkageMatrix().map { [$0.0, $0.1, $0.2, $0.3] } }

  @Test("A row has the two nodes, the smaller first, the step, and the leaves below")
  func plain() throws {
    #expect(try rows(.four()) == [[1, 2, 1, 2], [0, 3, 2, 2], [4, 5, 3, 4]])
    #expect(try rows(.single()) == [])
  }

  @Test("Where clusters are empty, leaves and nodes are numbered without gaps")
  func empty() throws {
    let tree = try ClusterHierarchy.joining([(3, 1), (4, 5)], names: ["a", "b", "c", "d", "e"], empty: [0, 2])
    #expect(rows(tree) == [[0, 1, 1, 2], [2, 3, 2, 3]])
  }

  @Test(
    "The file is one NumPy reads: header of a whole number of 64 bytes, then the numbers",
    arguments: [1, 2, 4, 50, 2000])
  func npy(clusters: Int) throws {
    let tree: ClusterHierarchy =
      clusters == 1 ? try .single() : clusters == 2 ? try .joining([(1, 0)], names: ["a", "b"]) : try .chain(clusters)
    let bytes = tree.linkageNPY()
    #expect(Array(bytes[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    let headerLength = Int(bytes[8]) + 256 * Int(bytes[9])
    #expect((10 + headerLength) % 64 == 0)
    let header = String(decoding: bytes[10..<10 + headerLength], as: UTF8.self)
    #expect(header.hasSuffix("\n"))
    #expect(
      header.trimmingSuffix { $0 == "\n" || $0 == " " }
        == "{'descr': '<f8', 'fortran_order': False, 'shape': (\(clusters - 1), 4), }")
    let data = bytes[(10 + headerLength)...]
    let numbers = stride(from: data.startIndex, to: data.endIndex, by: 8).map { start in
      Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(data[start + $1]) << (8 * UInt64($1)) })
    }
    #expect(numbers == rows(tree).flatMap { $0 })
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
