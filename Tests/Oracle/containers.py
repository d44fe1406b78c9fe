"""Files of arrays that are not HDF5, and number types that NumPy lacks, by their published definitions.

Formats: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html and
https://huggingface.co/docs/safetensors (8 bytes with the length of a JSON header, the header, the tensors).
"""

import json
import struct

import numpy as np

SAFETENSORS_TYPES = {"F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8"}


def bfloat16(values, byte_order="<"):
    """The bits of the nearest bfloat16, ties to even: the upper half of a float32."""
    bits = np.asarray(values, "<f4").view("<u4")
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(byte_order + "u2")


def from_bfloat16(bits):
    return (bits.astype("<u4") << 16).view("<f4")


def write_npy(path, array, version=(1, 0), padding=None):
    """`padding` spaces after the header's dictionary, where what NumPy writes would be a multiple of 64 bytes long."""
    header = repr(dict(descr=array.dtype.str, fortran_order=not array.flags.c_contiguous, shape=array.shape))
    length = "<H" if version == (1, 0) else "<I"
    start = 8 + struct.calcsize(length) + len(header) + 1
    header += " " * (-start % 64 if padding is None else padding) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY" + bytes(version) + struct.pack(length, len(header)) + header.encode())
        file.write(array.tobytes(order="A"))


def write_safetensors(path, tensors, alignment=8):
    """`tensors`: {name: (type, array)}, where a BF16 array holds the bits as unsigned integers."""
    header, position = {"__metadata__": {"format": "pt"}}, 0
    for name, (type_name, array) in tensors.items():
        end = position + array.nbytes
        header[name] = dict(dtype=type_name, shape=list(array.shape), data_offsets=[position, end])
        position = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % alignment)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for type_name, array in tensors.values():
            file.write(array.astype(SAFETENSORS_TYPES[type_name]).tobytes())


def read_safetensors(path, name):
    """A tensor as float64. Raises ValueError or KeyError where the file is none that holds it."""
    with open(path, "rb") as file:
        content = file.read()
    if len(content) < 8:
        raise ValueError("no header")
    (length,) = struct.unpack("<Q", content[:8])
    if length > len(content) - 8:
        raise ValueError("header beyond the end")
    entry = json.loads(content[8 : 8 + length].decode())[name]
    first, last = entry["data_offsets"]
    dtype, shape = np.dtype(SAFETENSORS_TYPES[entry["dtype"]]), tuple(entry["shape"])
    data = content[8 + length :]
    if not 0 <= first <= last <= len(data) or last - first != dtype.itemsize * int(np.prod(shape, dtype=object)):
        raise ValueError("a tensor beyond the end, or not of its shape's size")
    array = np.frombuffer(data[first:last], dtype).reshape(shape)
    return (from_bfloat16(array) if entry["dtype"] == "BF16" else array).astype(np.float64)
