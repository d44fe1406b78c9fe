"""Directories of Zarr, written and read by the specifications of versions 2 and 3 (https://zarr-specs.readthedocs.io)."""

import gzip
import itertools
import json
import zlib
from pathlib import Path

import numpy as np

TYPES = {"<f2": "float16", "<f4": "float32", "<f8": "float64", "<i8": "int64", "<i4": "int32", "|u1": "uint8"}


def crc32c(data):
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    return (rest ^ 0xFFFFFFFF).to_bytes(4, "little")


ENCODERS = {"zlib": lambda data, _: zlib.compress(data, 1), "gzip": lambda data, _: gzip.compress(data, 1, mtime=0),
            "crc32c": lambda data, _: data + crc32c(data),
            "shuffle": lambda data, size: np.frombuffer(data, "u1").reshape(-1, size).T.tobytes()}


def _inflated(data, bits):
    stream = zlib.decompressobj(bits)
    result = stream.decompress(data) + stream.flush()
    if not stream.eof or stream.unused_data:
        raise ValueError("a chunk is not one whole stream")
    return result


def _checked(data):
    if crc32c(data[:-4]) != data[-4:]:
        raise ValueError("a chunk's checksum is wrong")
    return data[:-4]


DECODERS = {"zlib": lambda data, _: _inflated(data, 15), "gzip": lambda data, _: _inflated(data, 31),
            "crc32c": lambda data, _: _checked(data),
            "shuffle": lambda data, size: np.frombuffer(data, "u1").reshape(size, -1).T.tobytes()}


def key(version, indices, separator):
    return ("c" + separator if version == 3 else "") + separator.join(map(str, indices))


def write_zarr(path, array, chunks, version=2, codecs=(), order="C", separator=None, fill=0.0, rows=None):
    """`codecs`: names of ENCODERS, in their order; `rows`: those whose chunks are written (all)."""
    path, little = Path(path), array.dtype.str.replace(">", "<")
    path.mkdir(parents=True, exist_ok=True)
    separator = separator or ("." if version == 2 else "/")
    size = array.dtype.itemsize
    if version == 2:
        settings = [{"id": name, **({"elementsize": size} if name == "shuffle" else {"level": 1})} for name in codecs]
        compressor = settings.pop() if settings and settings[-1]["id"] != "shuffle" else None
        about = dict(zarr_format=2, shape=array.shape, chunks=chunks, dtype=array.dtype.str, compressor=compressor,
                     fill_value=fill, order=order, filters=settings or None, dimension_separator=separator)
        (path / ".zarray").write_text(json.dumps(about))
    else:
        endian = "big" if array.dtype.str[0] == ">" else "little"
        chain = [{"name": "bytes", "configuration": {"endian": endian}}]
        if order == "F":
            chain.insert(0, {"name": "transpose", "configuration": {"order": list(range(array.ndim))[::-1]}})
        chain += [{"name": name, **({} if name == "crc32c" else {"configuration": {"level": 1}})} for name in codecs]
        about = dict(zarr_format=3, node_type="array", shape=array.shape, data_type=TYPES[little], fill_value=fill,
                     chunk_grid={"name": "regular", "configuration": {"chunk_shape": chunks}}, codecs=chain,
                     chunk_key_encoding={"name": "default", "configuration": {"separator": separator}}, attributes={})
        (path / "zarr.json").write_text(json.dumps(about))
    counts = [-(-length // side) for length, side in zip(array.shape, chunks)]
    for indices in itertools.product(*map(range, counts)):
        if rows is not None and not any(first <= indices[0] * chunks[0] < last for first, last in rows):
            continue
        box = tuple(slice(index * side, (index + 1) * side) for index, side in zip(indices, chunks))
        part = np.full(chunks, fill, array.dtype)
        found = array[box]
        part[tuple(slice(side) for side in found.shape)] = found
        data = part.tobytes(order=order)
        for name in codecs:
            data = ENCODERS[name](data, size)
        file = path / key(version, indices, separator)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def read_zarr(path):
    """An array with its fill value. Raises where it is none, or a chunk is missing or other than it must be."""
    path = Path(path)
    if (path / "zarr.json").exists():
        about, version = json.loads((path / "zarr.json").read_bytes()), 3
        if about["zarr_format"] != 3 or about["node_type"] != "array" or about["chunk_grid"]["name"] != "regular":
            raise ValueError("not an array")
        shape, chunks = about["shape"], about["chunk_grid"]["configuration"]["chunk_shape"]
        separator = about["chunk_key_encoding"].get("configuration", {}).get("separator", "/")
        dtype, chain, codecs = {v: k for k, v in TYPES.items()}[about["data_type"]], about["codecs"], []
        order = list(range(len(shape)))
        for codec in chain:
            if codec["name"] == "transpose":
                order = codec["configuration"]["order"]
            elif codec["name"] == "bytes":
                dtype = dtype.replace("<", ">") if codec["configuration"]["endian"] == "big" else dtype
            else:
                codecs.append(codec["name"])
    else:
        about, version = json.loads((path / ".zarray").read_bytes()), 2
        if about["zarr_format"] != 2:
            raise ValueError("not version 2")
        shape, chunks, dtype, separator = about["shape"], about["chunks"], about["dtype"], about.get("dimension_separator", ".")
        order = list(range(len(shape)))[:: -1 if about["order"] == "F" else 1]
        codecs = [filter["id"] for filter in about["filters"] or []]
        codecs += [about["compressor"]["id"]] if about["compressor"] else []
    dtype = np.dtype(dtype)
    if dtype.kind != "f" or np.prod(shape, dtype=object) > 1 << 28:
        raise ValueError("not such logits")
    array = np.empty(shape, dtype)
    for indices in itertools.product(*(range(-(-length // side)) for length, side in zip(shape, chunks))):
        data = (path / key(version, indices, separator)).read_bytes()
        for name in reversed(codecs):
            data = DECODERS[name](data, dtype.itemsize)
        part = np.frombuffer(data, dtype).reshape([chunks[axis] for axis in order])
        part = part.transpose(np.argsort(order))
        box = tuple(slice(index * side, (index + 1) * side) for index, side in zip(indices, chunks))
        target = array[box]
        target[...] = part[tuple(slice(side) for side in target.shape)]
    return array, float(about["fill_value"] or 0)
