import LogitStream
import Testing

@Suite("Byte counts")
struct ByteCountTests {
  @Test(
    "A number with a binary unit, or without one, is read",
    arguments: [
      ("4096", 4096), ("1B", 1), ("64KiB", 65_536), ("64MiB", 67_108_864), ("1.5 GiB", 1_610_612_736),
      ("2TiB", 2_199_023_255_552), ("0.5KiB", 512), ("0.3KiB", 307), ("1.", 1), (".5MiB", 524_288),
    ])
  func read(text: String, bytes: Int) {
    #expect(ByteCount(parsing: text)?.bytes == bytes)
  }

  @Test(
    "What is no positive number of bytes is refused",
    arguments: [
      "", " ", "0", "0.0GiB", "0.3", "-1", "+1", "KiB", "1kB", "1KB", "1GB", "1gib", "1 MiB ", " 1MiB", "1e3", "0x10",
      "1,5GiB", "1.2.3", ".", "nan", "inf", "٣", "9999999999TiB", "1 2",
    ])
  func refused(text: String) {
    #expect(ByteCount(parsing: text) == nil)
  }

  @Test(
    "A count is printed with the unit that keeps its number below 1000",
    arguments: [
      (0, "0 bytes"), (1, "1 bytes"), (999, "999 bytes"), (1000, "1.0 KiB"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (102_297, "99.9 KiB"), (102_400, "100 KiB"), (1 << 20, "1.0 MiB"), (1 << 30, "1.0 GiB"),
      (1_610_612_736, "1.5 GiB"), (3 << 40, "3.0 TiB"), (5000 << 40, "5000 TiB"),
    ])
  func printed(bytes: Int, text: String) {
    #expect(ByteCount(bytes).description == text)
  }

  @Test(
    "Rounded up, it is enough", arguments: [1001, 1025, 102_298, 1_048_577, 39_390_345, 5 << 30 + 1, 999 << 40 + 1])
  func roundedUp(bytes: Int) throws {
    let text = ByteCount(bytes).roundedUp
    let read = try #require(ByteCount(parsing: text)?.bytes)
    #expect(read >= bytes && read <= bytes + bytes / 9, "\(text)")
  }
}
