import Foundation

/// A file written by h5py, in a temporary directory of its own that goes away with the fixture.
///
/// The script that writes it is Python in which `f` is the file, open for writing, `np` is NumPy, and there are
/// - `save(name, array, **options)`: creates a dataset, and keeps `array`'s bytes as what reading it must give;
/// - `damage(name)`: after the file is closed, inverts bytes in the middle of the dataset's first chunk.
package final class Fixture: Sendable {
  package let path: String
  private let directory: TemporaryDirectory

  package init(_ script: String) throws {
    directory = try TemporaryDirectory()
    path = directory.path("file.h5")
    try Python.run([prelude, script, postlude].joined(separator: "\n"), argument: path)
  }

  /// The bytes of the array that was given to `save`.
  package func savedBytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: directory.url.appending(path: "\(name).bytes")))
  }

  /// Keeps the first `fraction` of the file's bytes.
  package func truncate(to fraction: Double) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.prefix(Int(Double(bytes.count) * fraction)).write(to: URL(fileURLWithPath: path))
  }

  /// Runs a script that does not have the file open, and has its path as `sys.argv[1]`.
  package func script(_ script: String) throws {
    try Python.run("import sys, h5py, numpy as np\n" + script, argument: path)
  }

  /// Runs a script of the same kind in which `f` is the file as it is, open for writing.
  package func change(_ script: String) throws {
    try Python.run([prelude, script, postlude].joined(separator: "\n"), argument: path)
  }
}

private let prelude = """
  import os, sys
  import h5py, numpy as np
  f = h5py.File(sys.argv[1], "a")
  damaged = []
  def save(name, array, **options):
    with open(os.path.join(os.path.dirname(sys.argv[1]), name + ".bytes"), "wb") as out:
      out.write(array.tobytes())
    return f.create_dataset(name, data=array, **options)
  def damage(name):
    f.flush()
    chunk = f[name].id.get_chunk_info(0)
    damaged.append(chunk.byte_offset + chunk.size // 2)
  """

private let postlude = """
  f.close()
  for position in damaged:
    with open(sys.argv[1], "r+b") as raw:
      raw.seek(position)
      bytes = raw.read(4)
      raw.seek(position)
      raw.write(bytes.translate(np.arange(255, -1, -1, dtype="u1").tobytes()))
  """
