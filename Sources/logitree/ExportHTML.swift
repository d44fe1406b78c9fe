import ArgumentParser
import Foundation
import Report
import Store

/// What `export --format html` takes beside what all formats do.
struct HTMLOptions: ParsableArguments {
  @Flag(help: "html: leave out the affinity matrix, for a smaller file.")
  var noMatrix = false

  /// The bytes of the page that explores a store.
  func page(of store: Store, at path: String) throws -> [UInt8] {
    let stored = try store.read()
    let manifest = stored.manifest
    var affinity: AffinityMap?
    if !noMatrix {
      let blocks = LeafBlocks(stored.hierarchy)
      affinity = AffinityMap(
        size: blocks.count,
        values: try store.meanAffinity(of: stored, blockOfCluster: blocks.blockOfCluster, count: blocks.count))
    }
    let page = ExplorerPage(
      stored.hierarchy,
      run: .init(
        store: URL(fileURLWithPath: path).lastPathComponent, rows: manifest.rows, skippedRows: manifest.skippedRows,
        score: manifest.options.aggregation.rawValue),
      affinity: affinity)
    return Array(try page.html().utf8)
  }
}
