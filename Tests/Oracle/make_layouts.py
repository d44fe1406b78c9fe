#!/usr/bin/env python3
"""Writes one matrix of logits in every layout and container people keep logits in.

    python make_layouts.py OUTDIR [--scale N] [--groups NAME,... | --only NAME,...]

The values are exact in every type from bfloat16 to float64, so that every file must give the same result to the byte.
layouts.json in OUTDIR tells

- `references`: for each set of values a contiguous float32 file (NAME.h5) and the oracle's merges (NAME.csv);
- `layouts`: `name`, `inputs` and `arguments` for the build, `environment`, `reference`, the `files` it is made of, and
  `path`: how the rows are to be read, "direct" or "library" (the HDF5 library's own path), or null for either;
- `incomplete`: the same for datasets with rows that were never written. The build ends with an error (code 65); with
  --on-invalid skip it is that of `reference`, the other rows (null: there is no saying which rows are missing).

With --scale there are so many times the rows, in chunks as many times as high, and neither merges of the oracle nor files
that are about certain rows.

Needs numpy, h5py and hdf5plugin; szip is left out where h5py can't write it.
"""

import argparse
import ctypes
import json
import zlib
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np
from h5py import h5d, h5p, h5s, h5t, h5z

import make_cases
import oracle
import torch_files
import zarr_files
from containers import bfloat16, from_bfloat16, write_npy, write_safetensors

N, K = 700, 37


def logits(rows=N):
    """`rows` × K float32 of 8 significant bits, some of them −∞."""
    random = np.random.default_rng(4)
    x = make_cases.unbalanced(random, rows, K)
    x = from_bfloat16(bfloat16(x - x.max(1, keepdims=True) + random.integers(-3, 9, (rows, 1)))) + np.float32(0)
    x[np.abs(x) < 2.0**-10] = 0
    x[(random.random(x.shape) < 0.01) & (x < x.max(1, keepdims=True))] = -np.inf
    for dtype in ("f2", "f8"):
        assert np.array_equal(x, x.astype(dtype).astype("f4"))
    return x


def bfloat16_type(base):
    """The HDF5 type: `base`, a 16-bit float type, with the fields of bfloat16."""
    kind = base.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_ebias(127)
    return kind


def shuffled(chunk):
    """The bytes of the shuffle filter: all first bytes of the elements, all second ones …"""
    return np.frombuffer(chunk.tobytes(), "u1").reshape(-1, chunk.itemsize).T.tobytes()


class Layouts:
    def __init__(self, directory, scale=1, only=None):
        self.directory, self.scale, self.only = directory, scale, only
        self.layouts, self.incomplete, self.references = [], [], {}

    def path(self, name):
        return str(self.directory / name)

    def wants(self, name):
        return self.only is None or name in self.only

    def scaled(self, chunks, shape):
        """Chunks for values of a shape: as many times as high as there are more rows."""
        if self.scale == 1 or not isinstance(chunks, tuple):
            return chunks
        return tuple(side * self.scale if length % self.scale == 0 else side for side, length in zip(chunks, shape))

    def reference(self, name, values):
        if self.scale > 1:
            return
        with h5py.File(self.path(f"{name}.h5"), "w") as file:
            file["logits"] = values.astype("<f4")
        with open(self.path(f"{name}.csv"), "w") as file:
            oracle.write_csv(oracle.merges(oracle.as_logits(values)), file)
        self.references[name] = dict(file=f"{name}.h5", merges=f"{name}.csv")

    def add(self, name, *inputs, path="direct", arguments=(), environment=None, reference="values", files=(),
            complete=True):
        entry = dict(name=name, inputs=list(inputs), arguments=list(arguments), environment=environment or {},
                     reference=reference, path=path, files=[text.split(":")[0] for text in inputs] + list(files))
        (self.layouts if complete else self.incomplete).append(entry)

    def create(self, name, values, *, libver=None, userblock=None, file_options=None, about=None, **options):
        """A file NAME.h5 with one dataset, by h5py's high-level interface; `about`: facts for `add`."""
        if not self.wants(name):
            return
        if "chunks" in options:
            options["chunks"] = self.scaled(options["chunks"], values.shape)
        if self.scale > 1 and "maxshape" in options:
            options["maxshape"] = tuple(most and max(most, length)
                                        for most, length in zip(options["maxshape"], values.shape))
        with h5py.File(self.path(f"{name}.h5"), "w", libver=libver, userblock_size=userblock,
                       **(file_options or {})) as file:
            file.create_dataset("logits", data=values, **options)
        self.add(name, f"{name}.h5", **(about or {}))

    def create_low(self, name, values, kind, properties=None, about=None, libver=None):
        """The same by the low-level interface: a type of its own, or creation properties h5py has no words for."""
        if not self.wants(name):
            return
        properties = properties or h5p.create(h5p.DATASET_CREATE)
        if properties.get_layout() == h5d.CHUNKED:
            properties.set_chunk(self.scaled(properties.get_chunk(), values.shape))
        properties.set_obj_track_times(False)  # the same bytes each time
        with h5py.File(self.path(f"{name}.h5"), "w", libver=libver) as file:
            space = h5s.create_simple(values.shape)
            dataset = h5d.create(file.id, b"logits", kind, space, properties)
            dataset.write(h5s.ALL, h5s.ALL, np.ascontiguousarray(values), mtype=kind)
        self.add(name, f"{name}.h5", **(about or {}))


def chunk_shapes(to, x):
    to.create("contiguous", x)
    for rows, columns in [(64, K), (1, K), (N, 1), (50, 8), (N, K), (7, 36)]:
        to.create(f"chunks-{rows}x{columns}", x, chunks=(rows, columns))
    to.create("chunks-single-values", x[:60], chunks=(1, 1), about=dict(reference="first-60"))
    to.create("chunks-auto", x, chunks=True)
    to.create("chunks-larger-than-data", x, chunks=(1000, 40), maxshape=(None, None))
    to.create("chunks-larger-than-data-gzip", x, chunks=(1000, 40), maxshape=(None, None), compression="gzip")


def filters(to, x):
    for level in (0, 1, 4, 9):
        to.create(f"gzip{level}", x, chunks=(64, K), compression="gzip", compression_opts=level)
    combinations = {
        "shuffle": dict(shuffle=True), "fletcher32": dict(fletcher32=True), "lzf": dict(compression="lzf"),
        "shuffle-gzip": dict(shuffle=True, compression="gzip"), "shuffle-lzf": dict(shuffle=True, compression="lzf"),
        "shuffle-gzip-fletcher32": dict(shuffle=True, compression="gzip", fletcher32=True),
        "lzf-fletcher32": dict(compression="lzf", fletcher32=True),
        "shuffle-lzf-fletcher32": dict(shuffle=True, compression="lzf", fletcher32=True),
    }
    for name, options in combinations.items():
        to.create(name, x, chunks=(64, K), **options)
        to.create(f"{name}-split", x, chunks=(50, 8), **options)
    for dtype in ("<f2", ">f2", "<f8", ">f8", ">f4"):
        to.create(f"shuffle-gzip-{dtype[1:]}-{'big' if dtype[0] == '>' else 'little'}", x.astype(dtype),
                  chunks=(64, K), shuffle=True, compression="gzip")
        to.create(f"shuffle-lzf-fletcher32-{dtype[1:]}-{'big' if dtype[0] == '>' else 'little'}", x.astype(dtype),
                  chunks=(33, K), shuffle=True, compression="lzf", fletcher32=True)
    # What a filter can't shrink the library stores as it is, and says so in the chunk's mask.
    noise = np.random.default_rng(5).standard_normal(x.shape, "f4") * np.float32(5)
    to.reference("noise", noise)
    for name in ("lzf", "gzip"):
        to.create(f"noise-{name}", noise, chunks=(64, K), compression=name, about=dict(reference="noise"))

    # The order of filters is the writer's choice.
    for name, order in {"fletcher32-before-gzip": ("fletcher32", "deflate"), "gzip-before-shuffle": ("deflate", "shuffle"),
                        "gzip-twice": ("deflate", "deflate")}.items():
        properties = h5p.create(h5p.DATASET_CREATE)
        properties.set_chunk((64, K))
        for filter_name in order:
            getattr(properties, f"set_{filter_name}")(*([4] if filter_name == "deflate" else []))
        to.create_low(name, x, h5t.IEEE_F32LE, properties, about=dict(path=None))


def filter_masks(to, x):
    """Chunks of one dataset that each skip other filters, as their masks say."""

    def write(name, chunks, options, encodings):
        if not to.wants(name):
            return
        chunks = to.scaled(chunks, x.shape)
        with h5py.File(to.path(f"{name}.h5"), "w") as file:
            data = file.create_dataset("logits", x.shape, "<f4", chunks=chunks, **options)
            starts = [(r, c) for r in range(0, len(x), chunks[0]) for c in range(0, K, chunks[1])]
            for index, (row, column) in enumerate(starts):
                chunk = np.zeros(chunks, "<f4")
                part = x[row : row + chunks[0], column : column + chunks[1]]
                chunk[: part.shape[0], : part.shape[1]] = part
                mask, encode = encodings[index % len(encodings)]
                data.id.write_direct_chunk((row, column), encode(chunk), mask)
        to.add(name, f"{name}.h5")

    gzip = [(0, lambda c: zlib.compress(c.tobytes())), (1, lambda c: c.tobytes())]
    both = [(0, lambda c: zlib.compress(shuffled(c))), (1, lambda c: zlib.compress(c.tobytes(), 1)),
            (2, shuffled), (3, lambda c: c.tobytes())]
    write("mask-gzip", (64, K), dict(compression="gzip"), gzip)
    write("mask-shuffle-gzip", (64, K), dict(compression="gzip", shuffle=True), both)
    write("mask-shuffle-gzip-split", (50, 8), dict(compression="gzip", shuffle=True), both)
    write("mask-lzf", (64, K), dict(compression="lzf"), [(1, lambda c: c.tobytes())])
    write("mask-fletcher32", (64, K), dict(fletcher32=True), [(1, lambda c: c.tobytes())])
    write("mask-shuffle-zstd", (50, K), dict(shuffle=True, **hdf5plugin.Zstd()), [(2, shuffled), (3, lambda c: c.tobytes())])
    write("mask-blosc2", (50, 8), hdf5plugin.Blosc2(), [(1, lambda c: c.tobytes())])


def leave_edges_unfiltered(properties):
    """H5Pset_chunk_opts with H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS, which h5py has no words for; whether it worked."""
    for path in Path(h5py.__file__).parent.with_name("h5py.libs").glob("libhdf5-*"):
        set_options = ctypes.CDLL(str(path)).H5Pset_chunk_opts
        set_options.argtypes = [ctypes.c_int64, ctypes.c_uint]
        return set_options(properties.id, 2) >= 0
    return False


def chunk_indexes(to, x):
    """Format 1.10 has an index for each kind of dataset; the earliest has B-trees alone."""
    wide = {"single": dict(chunks=(N, K)), "fixed-array": dict(chunks=(13, K)),
            "extensible-array": dict(chunks=(13, K), maxshape=(None, K)),
            "extensible-array-columns": dict(chunks=(13, 8), maxshape=(N, None)),
            "btree2": dict(chunks=(13, 8), maxshape=(None, None)),
            # Enough chunks for the arrays to have pages and the trees depth.
            "fixed-array-paged": dict(chunks=(1, 8)), "extensible-array-long": dict(chunks=(1, 8), maxshape=(None, K)),
            "btree2-deep": dict(chunks=(1, 8), maxshape=(None, None))}
    for name, options in wide.items():
        to.create(f"latest-{name}", x, libver="v110", **options)
        to.create(f"latest-{name}-gzip", x, libver="v110", compression="gzip", shuffle=True, **options)
    to.create("latest-contiguous", x, libver="v110")
    to.create("btree1-deep", x, chunks=(1, 8))
    early = h5p.create(h5p.DATASET_CREATE)
    early.set_chunk((64, K))
    early.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    to.create_low("latest-implicit", x, h5t.IEEE_F32LE, early, libver="v110")
    # Incomplete chunks at the edge are left unfiltered, which their masks do not say.
    unfiltered = h5p.create(h5p.DATASET_CREATE)
    unfiltered.set_chunk((64, 8))
    unfiltered.set_deflate(4)
    if leave_edges_unfiltered(unfiltered):
        to.create_low("latest-unfiltered-edges", x, h5t.IEEE_F32LE, unfiltered, libver="v110")
    to.create("paged-file", x, chunks=(64, K), compression="gzip", libver="v110",
              file_options=dict(fs_strategy="page", fs_page_size=4096))


def allocation(to, x):
    for name, time in [("early", h5d.ALLOC_TIME_EARLY), ("late", h5d.ALLOC_TIME_LATE), ("incremental", h5d.ALLOC_TIME_INCR)]:
        properties = h5p.create(h5p.DATASET_CREATE)
        if name != "incremental":
            properties.set_alloc_time(time)
            to.create_low(f"contiguous-allocated-{name}", x, h5t.IEEE_F32LE, properties)
        properties = h5p.create(h5p.DATASET_CREATE)
        properties.set_chunk((64, K))
        properties.set_alloc_time(time)
        to.create_low(f"chunks-allocated-{name}", x, h5t.IEEE_F32LE, properties)

    for name, options in {"chunks": {}, "gzip": dict(compression="gzip")}.items():
        for libver in (None, "v110"):
            name_of_file = f"grown-{name}{'-latest' if libver else ''}"
            if not to.wants(name_of_file):
                continue
            with h5py.File(to.path(f"{name_of_file}.h5"), "w", libver=libver) as file:
                data = file.create_dataset("logits", (0, K), "<f4", chunks=to.scaled((64, K), x.shape),
                                           maxshape=(None, K), **options)
                if libver:
                    file.swmr_mode = True
                step = 111 * to.scale
                for first in range(0, len(x), step):
                    data.resize(min(first + step, len(x)), 0)
                    data[first:] = x[first : first + step]
                    data.flush()
            to.add(name_of_file, f"{name_of_file}.h5")
    # Chunks beyond the dataset's end stay in the file when it shrinks by less than a chunk.
    if to.wants("shrunk"):
        with h5py.File(to.path("shrunk.h5"), "w") as file:
            data = file.create_dataset("logits", data=np.concatenate([x, x[:30]]), chunks=to.scaled((64, K), x.shape),
                                       maxshape=(None, K))
            data.resize(len(x), 0)
        to.add("shrunk", "shrunk.h5")


def user_blocks(to, x):
    for size in (512, 4096):
        to.create(f"userblock-{size}", x, userblock=size)
        to.create(f"userblock-{size}-chunks", x, userblock=size, chunks=(50, 8), shuffle=True)
        to.create(f"userblock-{size}-gzip", x, userblock=size, chunks=(64, K), compression="gzip")
        to.create(f"userblock-{size}-latest", x, userblock=size, chunks=(64, K), libver="v110")


def types(to, x):
    for dtype in ("<f2", ">f2", ">f4", "<f8", ">f8"):
        order = "big" if dtype[0] == ">" else "little"
        to.create(f"float{8 * int(dtype[2])}-{order}", x.astype(dtype))
        to.create(f"float{8 * int(dtype[2])}-{order}-split", x.astype(dtype), chunks=(50, 8))
    for order, base in {"little": h5t.IEEE_F16LE, "big": h5t.IEEE_F16BE}.items():
        bits = bfloat16(x, "<" if order == "little" else ">")
        to.create_low(f"bfloat16-{order}", bits, bfloat16_type(base))
        properties = h5p.create(h5p.DATASET_CREATE)
        properties.set_chunk((64, K))
        properties.set_shuffle()
        properties.set_deflate(4)
        to.create_low(f"bfloat16-{order}-gzip", bits, bfloat16_type(base), properties)
        split = h5p.create(h5p.DATASET_CREATE)
        split.set_chunk((50, 8))
        to.create_low(f"bfloat16-{order}-split", bits, bfloat16_type(base), split)


def shapes(to, x):
    three, four = x.reshape(10, -1, K), x.reshape(2, 5, -1, K)
    to.create("3d-contiguous", three)
    for chunks in [(1, 16, K), (3, 16, 20), (10, 70, K), (1, 70, K), (2, 70, 8), (1, 1, K)]:
        to.create(f"3d-chunks-{'x'.join(map(str, chunks))}", three, chunks=chunks)
    to.create("3d-gzip", three, chunks=(3, 16, 20), compression="gzip", shuffle=True, fletcher32=True)
    to.create("3d-lzf-f2", three.astype("<f2"), chunks=(4, 33, K), compression="lzf")
    to.create("3d-growing", three, chunks=(3, 16, K), maxshape=(None, 70, K))
    to.create("4d-contiguous", four)
    to.create("4d-chunks", four, chunks=(1, 2, 16, K))
    to.create("4d-split", four, chunks=(2, 3, 9, 10), compression="gzip")
    to.create("2d-of-one-column-block", x.reshape(-1, 1, K), chunks=(64, 1, K))

    transposed = dict(arguments=["--transposed"])
    t = np.ascontiguousarray(x.T)
    to.create("transposed-contiguous", t, about=transposed)
    to.create("transposed-f8-big", t.astype(">f8"), about=transposed)
    to.create("transposed-f2", t.astype("<f2"), chunks=(K, 100), about=transposed)
    for chunks in [(K, 64), (1, N), (8, 50), (K, 1), (K, N)]:
        to.create(f"transposed-chunks-{chunks[0]}x{chunks[1]}", t, chunks=chunks, about=transposed)
    to.create("transposed-gzip", t, chunks=(8, 50), compression="gzip", shuffle=True, about=transposed)
    to.create("transposed-gzip-f8", t.astype("<f8"), chunks=(K, 64), compression="gzip", about=transposed)
    to.create("transposed-matlab", t.astype("<f8"), userblock=512, chunks=(K, 64), compression="gzip", about=transposed)
    t = t.reshape(K, 10, -1)
    to.create("transposed-3d-contiguous", t, about=transposed)
    to.create("transposed-3d-chunks", t, chunks=(K, 1, 33), about=transposed)
    to.create("transposed-3d-split", t, chunks=(8, 3, 16), compression="lzf", shuffle=True, about=transposed)


def plugins(to, x):
    """Filters of hdf5plugin, which are decoded without it; with chunks at the edges, other types and other filters too."""
    codecs = {"zstd": hdf5plugin.Zstd(), "lz4": hdf5plugin.LZ4(), "lz4-blocks": hdf5plugin.LZ4(nbytes=1000),
              "bitshuffle": hdf5plugin.Bitshuffle(cname="none"), "bitshuffle-lz4": hdf5plugin.Bitshuffle(cname="lz4"),
              "bitshuffle-zstd": hdf5plugin.Bitshuffle(cname="zstd", nelems=64)}
    codecs |= {f"blosc-{codec}": hdf5plugin.Blosc(cname=codec, shuffle=shuffle) for codec, shuffle in
               dict(blosclz=1, lz4=2, lz4hc=0, snappy=0, zlib=1, zstd=2).items()}
    codecs |= {f"blosc2-{codec}": hdf5plugin.Blosc2(cname=codec, filters=filters) for codec, filters in
               dict(blosclz=1, lz4=2, lz4hc=0, zlib=3, zstd=1).items()}
    codecs |= {"blosc2-copy": hdf5plugin.Blosc2(clevel=0), "blosc-copy": hdf5plugin.Blosc(clevel=0)}
    for name, codec in codecs.items():
        to.create(name, x, chunks=(64, K), **codec)

    to.create("zstd-shuffle-fletcher32-f8-big", x.astype(">f8"), chunks=(100, 16), shuffle=True, fletcher32=True,
              **hdf5plugin.Zstd())
    to.create("zstd-3d-f2", x.reshape(10, -1, K).astype("<f2"), chunks=(3, 16, 20), **hdf5plugin.Zstd())
    to.create("zstd-transposed", np.ascontiguousarray(x.T), chunks=(8, 50), about=dict(arguments=["--transposed"]),
              **hdf5plugin.Zstd())
    to.create("lz4-shuffle-f2-split", x.astype("<f2"), chunks=(100, 16), shuffle=True, **hdf5plugin.LZ4())
    to.create("bitshuffle-fletcher32-f2-big", x.astype(">f2"), chunks=(33, K), fletcher32=True,
              **hdf5plugin.Bitshuffle())
    to.create("bitshuffle-f8-split", x.astype("<f8"), chunks=(50, 10), **hdf5plugin.Bitshuffle(cname="zstd"))
    to.create("blosc-f8-big", x.astype(">f8"), chunks=(130, K), **hdf5plugin.Blosc(cname="blosclz", shuffle=2))
    to.create("blosc-f2-split", x.astype("<f2"), chunks=(100, 9), shuffle=True, **hdf5plugin.Blosc())
    to.create("blosc2-3d-f2", x.reshape(10, -1, K).astype("<f2"), chunks=(3, 9, 21), **hdf5plugin.Blosc2(cname="zstd"))
    to.create("blosc2-fletcher32-f8", x.astype("<f8"), chunks=(257, 17), fletcher32=True, **hdf5plugin.Blosc2(cname="lz4"))
    to.create("blosc2-transposed", np.ascontiguousarray(x.T), chunks=(K, 600), about=dict(arguments=["--transposed"]),
              **hdf5plugin.Blosc2(filters=2))


def library(to, x):
    """What only the HDF5 library reads."""
    about = dict(path="library")
    # The plugins that we decode ourselves are in `plugins`.
    to.create("bzip2", x, chunks=(64, K), **hdf5plugin.BZip2(),
              about=dict(path="library", environment=dict(HDF5_PLUGIN_PATH=hdf5plugin.PLUGIN_PATH)))

    def filtered(name, values, kind, filter_id, settings, **facts):
        properties = h5p.create(h5p.DATASET_CREATE)
        properties.set_chunk((64, K))
        properties.set_filter(filter_id, h5z.FLAG_MANDATORY, settings)
        to.create_low(name, values, kind, properties, about=about | facts)

    filtered("nbit", x, h5t.IEEE_F32LE, h5z.FILTER_NBIT, ())
    # Scale-offset loses digits; two decimals keep quarters.
    quarters = np.round(np.maximum(x, -60) * 4) / np.float32(4)
    to.reference("quarters", quarters)
    filtered("scaleoffset", quarters, h5t.IEEE_F32LE, h5z.FILTER_SCALEOFFSET, (0, 2), reference="quarters")
    if h5z.filter_avail(h5z.FILTER_SZIP) and h5z.get_filter_info(h5z.FILTER_SZIP) & h5z.FILTER_CONFIG_ENCODE_ENABLED:
        properties = h5p.create(h5p.DATASET_CREATE)
        properties.set_chunk((64, K))
        properties.set_szip(h5z.SZIP_NN_OPTION_MASK, 8)
        to.create_low("szip", x, h5t.IEEE_F32LE, properties, about=about)

    # It lies in the dataset's header, which has room for no more.
    if x.size * 2 < 1 << 16:
        compact = h5p.create(h5p.DATASET_CREATE)
        compact.set_layout(h5d.COMPACT)
        to.create_low("compact", x.astype("<f2"), h5t.IEEE_F16LE, compact, about=about)

    for name, parts in {"external": [700], "external-parts": [300, 400]}.items():
        if not to.wants(name):
            continue
        parts = [rows * to.scale for rows in parts]
        files = [f"{name}-{index}.raw" for index in range(len(parts))]
        first = 0
        for file, rows in zip(files, parts):
            Path(to.path(file)).write_bytes(b"head" * 4 + x[first : first + rows].tobytes())
            first += rows
        with h5py.File(to.path(f"{name}.h5"), "w") as file:
            file.create_dataset("logits", x.shape, "<f4",
                                external=[(f, 16, rows * K * 4) for f, rows in zip(files, parts)],
                                efile_prefix="${ORIGIN}")
        to.add(name, f"{name}.h5", files=files, **about)

    if to.wants("virtual"):
        half = 300 * to.scale
        layout = h5py.VirtualLayout(x.shape, "<f4")
        for name, rows in {"virtual-part-a": slice(0, half), "virtual-part-b": slice(half, len(x))}.items():
            with h5py.File(to.path(f"{name}.h5"), "w") as file:
                file.create_dataset("logits", data=x[rows], chunks=to.scaled((64, K), x.shape), compression="gzip")
            layout[rows] = h5py.VirtualSource(f"{name}.h5", "logits", x[rows].shape)
        with h5py.File(to.path("virtual.h5"), "w") as file:
            file.create_virtual_dataset("logits", layout)
        to.add("virtual", "virtual.h5", files=["virtual-part-a.h5", "virtual-part-b.h5"], **about)

    # Members of a family are named by a printf pattern.
    if to.wants("family"):
        with h5py.File(to.path("family-%03d.h5"), "w", driver="family", memb_size=60_000 * to.scale) as file:
            file.create_dataset("logits", data=x, chunks=to.scaled((64, K), x.shape))
        to.add("family", "family-%03d.h5", files=[p.name for p in sorted(to.directory.glob("family-*.h5"))], **about)


def links(to, x):
    with h5py.File(to.path("links.h5"), "w", userblock_size=512) as file:
        file.create_dataset("a/b/deep", data=x, chunks=(64, K))
        file["soft"] = h5py.SoftLink("/a/b/deep")
        file["hard"] = file["a/b/deep"]
        file["contiguous"] = h5py.ExternalLink("contiguous.h5", "/logits")
        file["gzip"] = h5py.ExternalLink("gzip4.h5", "/logits")
        file["labels"] = np.arange(N)
    for name in ("a/b/deep", "soft", "hard"):
        to.add(f"link-{name.split('/')[-1]}", f"links.h5:/{name}")
    # Another file holds the bytes.
    to.add("link-external", "links.h5:/contiguous", path=None, files=["contiguous.h5"])
    to.add("link-external-gzip", "links.h5:/gzip", path=None, files=["gzip4.h5"])


def npy(to, x):
    def write(name, array, about=None, **options):
        if not to.wants(name):
            return
        write_npy(to.path(f"{name}.npy"), array, **options)
        to.add(name, f"{name}.npy", **(about or {}))

    transposed = dict(arguments=["--transposed"])
    for dtype in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8"):
        write(f"npy-{dtype[1:]}-{'big' if dtype[0] == '>' else 'little'}", x.astype(dtype))
    for version in (2, 3):
        write(f"npy-version-{version}", x, version=(version, 0))
    write("npy-odd-header", x, padding=1)
    write("npy-odd-header-f8", x.astype("<f8"), padding=2)
    write("npy-3d", x.reshape(10, -1, K))
    write("npy-4d-f2", x.reshape(2, 5, -1, K).astype("<f2"))
    write("npy-fortran", np.asfortranarray(x))
    write("npy-fortran-f2", np.asfortranarray(x.astype("<f2")))
    write("npy-fortran-f8-big", np.asfortranarray(x.astype(">f8")))
    write("npy-transposed", np.ascontiguousarray(x.T), transposed)
    write("npy-transposed-3d", np.ascontiguousarray(x.T.reshape(K, 10, -1)), transposed)
    # K × N in Fortran order lies in the file as N × K does in C order.
    write("npy-transposed-fortran", x.T, transposed)
    if to.wants("npy-by-numpy"):
        np.save(to.path("npy-by-numpy.npy"), x)
        to.add("npy-by-numpy", "npy-by-numpy.npy")


def safetensors(to, x):
    forms = {"F16": x.astype("<f2"), "BF16": bfloat16(x), "F32": x, "F64": x.astype("<f8")}
    tensors = {"bias": ("F32", np.ones(5, "<f4"))}
    tensors |= {f"logits.{name.lower()}": (name, array) for name, array in forms.items()}
    tensors |= {"tokens": ("BF16", forms["BF16"].reshape(10, -1, K)), "columns": ("F32", np.ascontiguousarray(x.T))}
    write_safetensors(to.path("tensors.safetensors"), tensors)
    write_safetensors(to.path("odd.safetensors"), {"n": ("F16", np.ones(3, "<f2")), "one": ("F32", x)}, alignment=1)
    for name in forms:
        to.add(f"safetensors-{name.lower()}", f"tensors.safetensors:logits.{name.lower()}")
    to.add("safetensors-3d", "tensors.safetensors:tokens")
    to.add("safetensors-transposed", "tensors.safetensors:columns", arguments=["--transposed"])
    # The header's length is no multiple of the element's size.
    to.add("safetensors-odd-header", "odd.safetensors:one")


def raw(to, x):
    """Files without a header, with the type in place of a suffix."""
    forms = {"float32": x, "float16-be": x.astype(">f2"), "float64": x.astype("<f8"), "bfloat16": bfloat16(x)}
    for type, array in forms.items():
        if to.wants(f"raw-{type}"):
            array.tofile(to.path(f"raw.{type}"))
            to.add(f"raw-{type}", f"raw.{type}", arguments=["--raw", type, "--clusters", str(K)])
    if to.wants("raw-transposed"):
        x.T.tofile(to.path("raw-transposed.float32"))
        to.add("raw-transposed", "raw-transposed.float32",
               arguments=["--raw", "float32", "--clusters", str(K), "--transposed"])


def npz(to, x):
    """Members of zip files, as NumPy writes them."""

    def write(name, save=np.savez, member="logits", about=None, **arrays):
        if to.wants(name):
            save(to.path(f"{name}.npz"), **arrays)
            to.add(name, f"{name}.npz:{member}", **(about or {}))

    write("npz", logits=x)
    write("npz-f2-big", logits=x.astype(">f2"), bias=np.ones(4, "f4"))
    write("npz-fortran", logits=np.asfortranarray(x))
    write("npz-3d", member="a/b", **{"a/b": x.reshape(10, -1, K), "labels": np.arange(N)})
    write("npz-deflated", np.savez_compressed, logits=x)
    write("npz-deflated-f8-3d", np.savez_compressed, logits=x.astype("<f8").reshape(10, -1, K), other=np.ones((3, 3)))
    if to.scale == 1:
        write("npz-deflated-fortran", np.savez_compressed, logits=np.asfortranarray(x.astype("<f2")))
    write("npz-deflated-transposed", np.savez_compressed, about=dict(arguments=["--transposed"]),
          logits=np.ascontiguousarray(x.T.astype(">f4")))
    if to.wants("npz-only"):
        np.savez_compressed(to.path("npz-only.npz"), x)
        to.add("npz-only", "npz-only.npz")


def torch(to, x):
    """Tensors of PyTorch, and views of all kinds."""

    def write(name, value, tensor=None, about=None, **options):
        if to.wants(name):
            torch_files.write_torch(to.path(f"{name}.pt"), value, **options)
            to.add(name, f"{name}.pt" + (f":{tensor}" if tensor else ""), **(about or {}))

    def view(wide, *place):
        part = wide[place]
        start = part.__array_interface__["data"][0] - wide.__array_interface__["data"][0]
        return torch_files.Tensor(torch_files.Storage(wide), part.shape, [step // wide.itemsize for step in part.strides],
                                  start // wide.itemsize)

    rows = len(x)
    write("torch", torch_files.Tensor(x))
    halves = {"half": torch_files.Tensor(x.astype("<f2")), "labels": torch_files.Tensor(np.arange(5)), "epoch": 3, "why": None}
    write("torch-nested", {"model": [halves, (torch_files.Tensor(x.astype("<f8")),)]}, "model.0.half", protocol=4)
    write("torch-slashes", {"model": [halves, (torch_files.Tensor(x.astype("<f8")),)]}, "model/1/0", protocol=5)
    bits = torch_files.Storage(bfloat16(x), "bfloat16")
    write("torch-bf16", {"logits": torch_files.Tensor(bits, x.shape, is_parameter=True)}, checksums=False)
    write("torch-big", torch_files.Tensor(x.astype(">f4").view("<f4")), byte_order="big")
    write("torch-columns", torch_files.Tensor(torch_files.Storage(x.T), x.shape, (1, rows)))
    wide = np.full((2 * rows, 2 * K + 9), 7, "<f4")
    wide[3 : 3 + rows, 5 : 5 + K] = x
    write("torch-slice", view(wide, slice(3, 3 + rows), slice(5, 5 + K)))
    wide[1 : 2 * rows : 2, : 2 * K : 2] = x
    write("torch-steps", view(wide, slice(1, 2 * rows, 2), slice(0, 2 * K, 2)))
    three = x.reshape(10, -1, K)
    length = three.shape[1]
    write("torch-permuted", torch_files.Tensor(torch_files.Storage(three.transpose(0, 2, 1)), three.shape, (K * length, 1, length)))
    write("torch-time-first", torch_files.Tensor(torch_files.Storage(three.transpose(1, 0, 2)), three.shape, (K, 10 * K, 1)))
    write("torch-transposed", torch_files.Tensor(np.ascontiguousarray(x.T)), about=dict(arguments=["--transposed"]))


def zarr(to, x):
    """Directories, with a file for each chunk."""

    def write(name, array, chunks, about=None, path=None, **options):
        if not to.wants(name):
            return
        zarr_files.write_zarr(to.path(path or f"{name}.zarr"), array, to.scaled(chunks, array.shape), **options)
        directory = to.directory / f"{name}.zarr"
        files = sorted(str(file.relative_to(to.directory)) for file in directory.rglob("*") if file.is_file())
        to.add(name, f"{name}.zarr", files=files, **(about or {}))
        # Only what is in it can be damaged.
        to.layouts[-1]["files"] = files + [file for file in files if file.endswith((".zarray", "zarr.json"))] * 3

    write("zarr2", x, (64, K))
    write("zarr2-zlib-split", x, (50, 8), codecs=["zlib"])
    write("zarr2-gzip-shuffle-f8-big", x.astype(">f8"), (64, K), codecs=["shuffle", "gzip"], separator="/")
    write("zarr2-columns", x, (50, K), order="F")
    write("zarr2-columns-3d", x.astype("<f2").reshape(10, -1, K), (3, 16, 20), order="F", codecs=["zlib"])
    write("zarr2-transposed", np.ascontiguousarray(x.T), (8, 50), order="F", about=dict(arguments=["--transposed"]))
    write("zarr3", x, (64, K), version=3)
    write("zarr3-gzip", x, (128, K), version=3, codecs=["gzip"])
    write("zarr3-crc32c-split-big", x.astype(">f4"), (50, 20), version=3, codecs=["gzip", "crc32c"], separator=".")
    write("zarr3-columns-3d", x.reshape(10, -1, K), (3, 16, 20), version=3, order="F", codecs=["gzip"])


def parts(to, x):
    """Ranges of rows, and several inputs as one data set."""
    to.reference("rows-100-700", x[100:])
    to.reference("rows-129-388", x[129:388])
    to.reference("first-60", x[:60])
    for name, inputs, *more in [
        ("contiguous", "contiguous.h5"), ("chunks", "chunks-64x37.h5"), ("split", "shuffle-gzip-split.h5"),
        ("3d", "3d-gzip.h5"), ("transposed", "transposed-chunks-8x50.h5", "--transposed"),
        ("transposed-3d", "transposed-3d-split.h5", "--transposed"), ("npy", "npy-f8-big.npy"),
        ("npy-fortran", "npy-fortran.npy"), ("safetensors", "tensors.safetensors:tokens"),
    ]:
        for rows in ("100..<700", "129..<388"):
            reference = "rows-" + rows.replace("..<", "-")
            to.add(f"{reference}-{name}", inputs, arguments=[*more, "--rows", rows], reference=reference)
    to.add("rows-virtual", "virtual.h5", arguments=["--rows", "129..<388"], reference="rows-129-388", path="library",
           files=["virtual-part-a.h5", "virtual-part-b.h5"])

    with h5py.File(to.path("part-1.h5"), "w") as file:
        file.create_dataset("logits", data=x[:123], chunks=(20, 8), compression="gzip")
    write_npy(to.path("part-2.npy"), np.asfortranarray(x[123:200].astype(">f8")))
    write_safetensors(to.path("part-3.safetensors"), {"a": ("BF16", bfloat16(x[200:420]).reshape(4, 55, K))}, 1)
    with h5py.File(to.path("part-4.h5"), "w", userblock_size=512) as file:
        file["x"] = x[420:500].astype(">f2")
        file.create_dataset("y", data=x[500:].reshape(2, 100, K), chunks=(1, 30, K), shuffle=True, fletcher32=True)
    to.add("several-inputs", "part-1.h5", "part-2.npy", "part-3.safetensors:a", "part-4.h5:/x", "part-4.h5:/y")


def never_written(to, x):
    """Rows whose chunks were never allocated: fill values are no logits."""

    def partly(name, shape, write, reference, arguments=(), **options):
        with h5py.File(to.path(f"{name}.h5"), "w", libver=options.pop("libver", None)) as file:
            write(file.create_dataset("logits", shape, "<f4", **options))
        to.add(name, f"{name}.h5", arguments=arguments, reference=reference, complete=False)

    def two_thirds(data):
        data[:128], data[320:] = x[:128], x[320:]

    def columns(data):
        data[:128], data[320:] = x[:128], x[320:]
        data[128:320, :8] = x[128:320, :8]

    def transposed(data):
        data[:, :128], data[:, 320:] = x.T[:, :128], x.T[:, 320:]

    def batches(data):
        three = x.reshape(10, 70, K)
        data[:2], data[4:] = three[:2], three[4:]

    to.reference("without-128-320", np.concatenate([x[:128], x[320:]]))
    to.reference("without-140-280", np.concatenate([x[:140], x[280:]]))
    missing = "without-128-320"
    partly("unwritten", x.shape, two_thirds, missing, chunks=(64, K))
    partly("unwritten-gzip", x.shape, two_thirds, missing, chunks=(64, K), compression="gzip")
    partly("unwritten-latest", x.shape, two_thirds, missing, chunks=(64, K), libver="v110")
    partly("unwritten-growing", x.shape, two_thirds, missing, chunks=(64, K), maxshape=(None, K), libver="v110")
    partly("unwritten-columns", x.shape, columns, missing, chunks=(64, 8))
    partly("unwritten-fill-value", x.shape, two_thirds, missing, chunks=(64, K), fillvalue=1.5)
    partly("unwritten-transposed", (K, N), transposed, missing, ["--transposed"], chunks=(8, 64))
    partly("unwritten-3d", (10, 70, K), batches, "without-140-280", chunks=(2, 35, 20))
    # The range holds none of them.
    to.add("rows-of-unwritten", "unwritten.h5", arguments=["--rows", "0..<128"], reference="first-128")
    to.reference("first-128", x[:128])
    partly("unwritten-contiguous", x.shape, lambda data: None, None)
    partly("unwritten-chunks", x.shape, lambda data: None, None, chunks=(64, K))
    partly("unwritten-zstd", x.shape, two_thirds, missing, chunks=(64, K), **hdf5plugin.Zstd())
    with h5py.File(to.path("unwritten-bzip2.h5"), "w") as file:
        two_thirds(file.create_dataset("logits", x.shape, "<f4", chunks=(64, K), **hdf5plugin.BZip2()))
    to.add("unwritten-bzip2", "unwritten-bzip2.h5", path="library",
           environment=dict(HDF5_PLUGIN_PATH=hdf5plugin.PLUGIN_PATH), reference=missing, complete=False)

    for version in (2, 3):
        name = f"unwritten-zarr{version}"
        zarr_files.write_zarr(to.path(f"{name}.zarr"), x, (64, K), version=version, codecs=["gzip"], fill=1.5,
                              rows=[(0, 128), (320, N)])
        to.add(name, f"{name}.zarr", reference=missing, complete=False)

    # The library reads fill values where a virtual dataset maps nothing or its source is gone, and zeros beyond the end
    # of an external file, and says nothing of it.
    for name, ranges in {"virtual-gap": [(0, 128), (320, N)], "virtual-no-source": [(0, N)]}.items():
        layout = h5py.VirtualLayout((N, K), "<f4")
        source = "contiguous.h5" if name == "virtual-gap" else "no-such-file.h5"
        for first, last in ranges:
            layout[first:last] = h5py.VirtualSource(source, "logits", (N, K))[first:last]
        with h5py.File(to.path(f"{name}.h5"), "w") as file:
            file.create_virtual_dataset("logits", layout)
        to.add(name, f"{name}.h5", path="library", reference=None, complete=False)
    Path(to.path("external-short.raw")).write_bytes(x[:500].tobytes())
    with h5py.File(to.path("external-short.h5"), "w") as file:
        file.create_dataset("logits", x.shape, "<f4", external=[("external-short.raw", 0, x.nbytes)],
                            efile_prefix="${ORIGIN}")
    to.add("external-short", "external-short.h5", path="library", reference=None, complete=False)


GROUPS = (chunk_shapes, filters, filter_masks, chunk_indexes, allocation, user_blocks, types, shapes, plugins, library, links,
          npy, safetensors, raw, npz, torch, zarr, parts, never_written)
# They have to do with few rows, whose numbers they name.
UNSCALED = (links, parts, never_written)


def make(directory, scale=1, groups=None, only=None):
    """Writes all of it, or some, and returns what layouts.json holds."""
    to, x = Layouts(directory, scale, only), logits(N * scale)
    directory.mkdir(parents=True, exist_ok=True)
    to.reference("values", x)
    for group in GROUPS:
        if (groups is None or group.__name__ in groups) and (scale == 1 or group not in UNSCALED):
            group(to, x)
    content = dict(references=to.references, layouts=to.layouts, incomplete=to.incomplete)
    (directory / "layouts.json").write_text(json.dumps(content, indent=1) + "\n")
    return content


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="OUTDIR", type=Path)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--groups", type=lambda text: text.split(","), help="some of the functions that write layouts")
    parser.add_argument("--only", type=lambda text: text.split(","), help="some of the layouts, by their names")
    chosen = parser.parse_args()
    content = make(chosen.directory, chosen.scale, chosen.groups, chosen.only)
    print(f"{len(content['layouts'])} layouts, {len(content['incomplete'])} incomplete ones")


if __name__ == "__main__":
    main()
