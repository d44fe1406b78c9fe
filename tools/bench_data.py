"""What tools/bench measures on: layouts of the same logits, and files of them."""

import dataclasses
import os
import re
import subprocess
import sys

from project_python import ROOT

H5PY, H5PY_PLUGIN, OURS = "h5py's read", "h5py's read through hdf5plugin", "ours, float32"


@dataclasses.dataclass
class Layout:
    """A layout that is measured: how it is written, and its bounds as ratios to the mark's time."""

    name: str
    title: str
    mark: str
    at_most: float
    aim: float | None = None
    type: str = "f4"
    chunks: int | None = 256  # rows
    filters: dict = dataclasses.field(default_factory=dict)


# The first is what the others are copied from, and what the scan and float16 are compared by.
LAYOUTS = [
    Layout("chunked", "float32, chunks of 256 rows", H5PY, 1.9, 1),
    Layout("contiguous", "float32, contiguous", H5PY, 3, 1.5, chunks=None),
    Layout("gzip", "float32, gzip 4 + shuffle", H5PY, 0.55, 0.4,
           filters=dict(compression="gzip", compression_opts=4, shuffle=True)),
    Layout("float16", "float16, chunks of 256 rows", OURS, 0.75, 0.6, type="f2"),
]

# What rows are made by; the last has the clusters of the example that it repeats.
REPEATED = "repeated"
KINDS = ["tree", "directions", REPEATED]
REPEATED_CLUSTERS = 1000


def filter_layouts():
    """The same chunks through each filter of hdf5plugin's that is decoded here."""
    import hdf5plugin

    codecs = {
        "zstd": hdf5plugin.Zstd(), "lz4": hdf5plugin.LZ4(), "shuffle + zstd": hdf5plugin.Zstd(),
        "shuffle + lz4": hdf5plugin.LZ4(), "bitshuffle": hdf5plugin.Bitshuffle(cname="none"),
        "bitshuffle, lz4": hdf5plugin.Bitshuffle(cname="lz4"), "bitshuffle, zstd": hdf5plugin.Bitshuffle(cname="zstd"),
    }
    for name, blosc in {"blosc": hdf5plugin.Blosc, "blosc2": hdf5plugin.Blosc2}.items():
        for codec in ("blosclz", "lz4", "zlib", "zstd"):
            codecs[f"{name}, {codec} + shuffle"] = blosc(cname=codec)
        shuffle = dict(shuffle=2) if name == "blosc" else dict(filters=2)
        codecs[f"{name}, zstd + bitshuffle"] = blosc(cname="zstd", **shuffle)
    return [Layout(re.sub(r"\W+", "-", title), title, H5PY_PLUGIN, 1,
                   filters=dict(codec) | (dict(shuffle=True) if title.startswith("shuffle") else {}))
            for title, codec in codecs.items()]


class Data:
    """The files to measure on, made when they are asked for."""

    def __init__(self, directory, given, rows, clusters, kind=KINDS[0]):
        self.directory, self.given, self.rows, self.clusters, self.kind = directory, given, rows, clusters, kind

    def path(self, layout):
        if self.given and (self.given / f"{layout.name}.h5").exists():
            return self.given / f"{layout.name}.h5"
        return self.directory / f"{self.rows}x{self.clusters}-{self.kind}-{layout.name}.h5"

    def make(self, layout):
        path = self.path(layout)
        if path.exists():
            self.check(path)
            return path
        print(f"writing {path.name}", file=sys.stderr, flush=True)
        if layout is LAYOUTS[0]:
            make_logits(path, self.rows, self.clusters, "--chunks", f"{layout.chunks}x{self.clusters}", kind=self.kind)
        else:
            copy(self.make(LAYOUTS[0]), path, layout)
        with open(path, "rb") as file:
            os.fsync(file.fileno())  # or writing it out would disturb what is measured
        return path

    def write_raw(self, layout, path):
        """The numbers of a layout's dataset, without a header."""
        import h5py

        with h5py.File(self.make(layout)) as file, open(path, "wb") as raw:
            for first in range(0, self.rows, 4096):
                file["logits"][first:first + 4096].tofile(raw)

    def check(self, path):
        import h5py

        with h5py.File(path) as file:
            if file["logits"].shape != (self.rows, self.clusters):
                sys.exit(f"bench: {path}: /logits is not {self.rows:,} × {self.clusters:,}")

    def remove(self, layout):
        path = self.path(layout)
        if path.parent == self.directory:
            path.unlink(missing_ok=True)


def make_logits(path, rows, clusters, *options, kind=KINDS[0]):
    if kind == REPEATED:
        options += ("--source", str(ROOT / "docs" / "examples" / "imagenet.h5"))
    subprocess.run([sys.executable, ROOT / "tools" / "make-logits", path, "-n", str(rows), "-k", str(clusters),
                    "--kind", kind, *options], check=True, stderr=subprocess.DEVNULL)


def copy(source, target, layout):
    """The same logits in another layout."""
    import h5py

    partial = target.with_name(target.name + ".part")
    with h5py.File(source) as old, h5py.File(partial, "w") as new:
        logits = old["logits"]
        chunks = (min(layout.chunks, len(logits)), logits.shape[1]) if layout.chunks else None
        data = new.create_dataset("logits", logits.shape, "<" + layout.type, chunks=chunks, **layout.filters)
        for first in range(0, len(logits), 4096):
            data[first : first + 4096] = logits[first : first + 4096]
    partial.rename(target)
