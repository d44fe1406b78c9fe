import LogitStream

/// One of several equal parts of a job that several processes share: "3/8" on the command line.
public struct Share: Sendable, Hashable, Codable, CustomStringConvertible {
  /// From 1.
  public let number: Int
  public let count: Int

  /// - Precondition: 1 ≤ `number` ≤ `count`.
  public init(_ number: Int, of count: Int) {
    precondition(count >= 1 && (1...count).contains(number), "share \(number) of \(count)")
    self.number = number
    self.count = count
  }

  /// More would be of no use, and their directories take long to look through.
  public static let mostShares = 1_000_000

  /// Reads "3/8"; nil if it is no such thing, or there are more than ``mostShares``.
  public init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1],
      (1...Self.mostShares).contains(count), (1...count).contains(number)
    else { return nil }
    self.init(number, of: count)
  }

  public var description: String { "\(number)/\(count)" }

  static func all(of count: Int) -> [Share] { (1...count).map { Share($0, of: count) } }

  /// This share's part of `total` things in a row. All shares together have all things, in order.
  func range(of total: Int) -> Range<Int> { Self.bound(number - 1, count, total)..<Self.bound(number, count, total) }

  /// total · number / count, without overflow up to ``mostShares``.
  private static func bound(_ number: Int, _ count: Int, _ total: Int) -> Int {
    total / count * number + total % count * number / count
  }

  /// The rows of this share, which begins and ends between chunks: none if there are fewer chunks than shares.
  func slices(of source: LogitSource) -> [RowSlice] {
    let rows = range(of: source.rows)
    let (start, end) = (Self.cut(rows.lowerBound, in: source), Self.cut(rows.upperBound, in: source))
    var slices: [RowSlice] = []
    var first = 0
    for slice in source.slices {
      let part = (start..<max(start, end)).clamped(to: first..<first + slice.rows.count)
      if !part.isEmpty {
        let offset = slice.rows.lowerBound - first
        slices.append(RowSlice(input: slice.input, rows: part.lowerBound + offset..<part.upperBound + offset))
      }
      first += slice.rows.count
    }
    return slices
  }

  /// The last row at which a chunk or an input begins that is not after `row`. Rows are counted over all inputs. The
  /// end of all is such a row, too.
  private static func cut(_ row: Int, in source: LogitSource) -> Int {
    var first = 0
    for (input, slice) in zip(source.inputs, source.slices) {
      if row < first + slice.rows.count {
        let offset = slice.rows.lowerBound - first
        return max(first, input.alignment.cut(before: row + offset) - offset)
      }
      first += slice.rows.count
    }
    return first
  }
}
