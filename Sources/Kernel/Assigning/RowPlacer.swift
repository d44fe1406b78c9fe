import KernelInterface

/// A row's placement, which is a group or a node, or −1 for none, and the probability of that.
struct PlacedRow {
  let placement: Int32
  let probability: Float
}

/// Places rows in groups or at nodes of a tree.
///
/// A row's softmax terms exp(ℓ_c − ℓ_top), relative to its largest logit, are computed once and kept. A probability is
/// the sum of some of them over the sum of all. Terms are `Float`, sums are `Double`.
struct RowPlacer<Scale: LogitScale>: ~Copyable {
  let kernel: RowKernel<Scale>
  /// For each position in the tree's order, the sum of the terms of the leaves before it.
  let sums: UnsafeMutablePointer<Double>

  static func scratchByteCount(clusters: Int) -> Int {
    RowKernel<Scale>.scratchByteCount(clusters: clusters) &+ Scratch.byteCount(Double.self, clusters &+ 4)
  }

  /// A placer with its own memory.
  init(clusters: Int, scale: Scale, format: NumberFormat) {
    self.init(
      clusters: clusters, scale: scale, format: format,
      scratch: Scratch(byteCount: Self.scratchByteCount(clusters: clusters)))
  }

  /// A placer of rows of `clusters` logits that works in `scratch`.
  init(clusters: Int, scale: Scale, format: NumberFormat, scratch: consuming Scratch) {
    sums = scratch.take(Double.self, clusters &+ 4)
    kernel = RowKernel(clusters: clusters, scale: scale, format: format, scratch: scratch)
  }

  @inline(__always)
  private func term(_ cluster: Int32) -> Double {
    // After the last vector is that of the cluster that fills up the tree's order.
    Double(kernel.keptTerm(Int(cluster)))
  }

  /// The sum of the terms of some clusters.
  @inline(__always)
  func sum(_ clusters: UnsafePointer<Int32>, _ count: Int) -> Double {
    // Four sums side by side, so that an addition need not wait for the one before.
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    var position = 0
    while position &+ 4 <= count {
      a += term(clusters[position])
      b += term(clusters[position &+ 1])
      c += term(clusters[position &+ 2])
      d += term(clusters[position &+ 3])
      position &+= 4
    }
    while position < count {
      a += term(clusters[position])
      position &+= 1
    }
    return (a + b) + (c + d)
  }
}

// MARK: Groups

extension RowPlacer {
  /// The placement of the row at `pointer` in the group of its likeliest cluster in the tree, the first of equals. It
  /// is none if all clusters in the tree are impossible. The result is nil if the row is invalid.
  @inline(__always)
  func group(_ pointer: UnsafeRawPointer, _ table: GroupTable) -> PlacedRow? {
    guard let top = kernel.load(pointer), top > Scale.excluded else { return nil }
    let all = kernel.unit.value(kernel.keepTerms(relativeTo: top))
    var group = table.groups[kernel.firstIndex(ofLaneMaximum: top)]
    if group < 0 {
      guard let cluster = likeliest(without: table.outside, table.outsideCount) else {
        return PlacedRow(placement: -1, probability: 0)
      }
      group = table.groups[cluster]
    }
    let start = table.memberStarts[Int(group)]
    let mass = sum(table.members + start, table.memberStarts[Int(group) &+ 1] &- start)
    return PlacedRow(placement: group, probability: Float(mass / all))
  }

  /// The first cluster with the largest logit, some clusters excepted; nil if all others are impossible.
  private func likeliest(without clusters: UnsafePointer<Int32>, _ count: Int) -> Int? {
    var position = 0
    while position < count {
      kernel.mask(Int(clusters[position]))
      position &+= 1
    }
    let largest = kernel.maximum()
    return largest > Scale.excluded ? kernel.firstIndex(of: largest) : nil
  }
}

// MARK: Nodes

extension RowPlacer {
  /// The placement of the row at `pointer` at a node of the tree.
  ///
  /// The way goes from the root to the likelier child, the first of equals, as long as its probability reaches
  /// `threshold`. The placement is the node where it ends, or none if the root itself does not reach the threshold. The
  /// result is nil if the row is invalid.
  ///
  /// If the threshold is above ½, the nodes that reach it are a chain, and the placement is the deepest of them.
  @inline(__always)
  func node(_ pointer: UnsafeRawPointer, _ table: NodeTable, reaching threshold: Double) -> PlacedRow? {
    guard let top = kernel.load(pointer), top > Scale.excluded else { return nil }
    let all = kernel.unit.value(kernel.keepTerms(relativeTo: top))
    let cluster = kernel.firstIndex(ofLaneMaximum: top)
    // A cluster with more than half of the sum is where the way from the root leads, if it reaches the threshold.
    if all < 2, threshold * all <= 1, table.isLeaf[cluster] != 0 {
      return PlacedRow(placement: Int32(truncatingIfNeeded: cluster), probability: Float(1 / all))
    }
    addUp(table)
    return descend(table, threshold)
  }

  /// Adds up the terms in the order of the tree.
  func addUp(_ table: NodeTable) {
    // Four stretches side by side, so that an addition need not wait for the one before.
    let length = (table.leafCount &+ 3) / 4
    let orders = (table.order, table.order + length, table.order + 2 &* length, table.order + 3 &* length)
    let a = sums + 1
    let (b, c, d) = (a + length, a + 2 &* length, a + 3 &* length)
    var (sumA, sumB, sumC, sumD) = (0.0, 0.0, 0.0, 0.0)
    var position = 0
    while position < length {
      sumA += term(orders.0[position])
      sumB += term(orders.1[position])
      sumC += term(orders.2[position])
      sumD += term(orders.3[position])
      a[position] = sumA
      b[position] = sumB
      c[position] = sumC
      d[position] = sumD
      position &+= 1
    }
    sums[0] = 0
    sumB += sumA
    sumC += sumB
    position = 0
    while position < length {
      b[position] += sumA
      c[position] += sumB
      d[position] += sumC
      position &+= 1
    }
  }

  private func descend(_ table: NodeTable, _ threshold: Double) -> PlacedRow {
    var place = root(of: table)
    // If no cluster is outside the tree, the root has exactly the whole sum.
    let all = place.mass + sum(table.outside, table.outsideCount)
    let least = threshold * all
    guard place.mass >= least else { return PlacedRow(placement: -1, probability: Float(place.mass / all)) }
    while place.node >= kernel.clusters {
      let likelier = likelierChild(of: place, table)
      guard likelier.mass >= least else { break }
      place = likelier
    }
    return PlacedRow(placement: Int32(truncatingIfNeeded: place.node), probability: Float(place.mass / all))
  }

  /// A node, the positions of its leaves, and the mass of these, which are added up in ``sums``.
  struct Place {
    let node: Int
    let start: Int
    let end: Int
    let mass: Double
  }

  @inline(__always)
  func root(of table: NodeTable) -> Place {
    Place(node: Int(table.root), start: 0, end: table.leafCount, mass: sums[table.leafCount])
  }

  /// The child with the larger mass, the first of equals, of a node that is no leaf.
  @inline(__always)
  func likelierChild(of place: Place, _ table: NodeTable) -> Place {
    let merge = place.node &- kernel.clusters
    let middle = Int(table.middles[merge])
    let first = sums[middle] - sums[place.start]
    let second = sums[place.end] - sums[middle]
    return first >= second
      ? Place(node: Int(table.firsts[merge]), start: place.start, end: middle, mass: first)
      : Place(node: Int(table.seconds[merge]), start: middle, end: place.end, mass: second)
  }
}
