"""Files as `torch.save` writes them, without PyTorch: the same bytes but for the identifier at the end.

The format is a zip file of stored members, each of whose contents begins at a multiple of 64 bytes: a pickle that describes the
tensors, and a member for each storage (https://pytorch.org/docs/stable/notes/serialization.html).
"""

import collections
import pickle
import struct
import zipfile
import zlib

import numpy as np

STORAGES = {"float16": "HalfStorage", "bfloat16": "BFloat16Storage", "float32": "FloatStorage", "float64": "DoubleStorage",
            "int64": "LongStorage", "int32": "IntStorage", "uint8": "ByteStorage"}
SIZES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "int64": 8, "int32": 4, "uint8": 1}


class Global:
    """Something that a pickle refers to by its name."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Storage:
    def __init__(self, array, kind=None):
        self.kind, self.bytes = kind or array.dtype.name, np.ascontiguousarray(array).tobytes()

    @property
    def count(self):
        return len(self.bytes) // SIZES[self.kind]


class Tensor:
    """A view of a storage; strides in elements."""

    def __init__(self, storage, shape=None, strides=None, offset=0, is_parameter=False, metadata=None):
        if not isinstance(storage, Storage):
            array = np.asarray(storage)
            shape, storage = shape or array.shape, Storage(array)
        strides = strides or tuple(int(np.prod(shape[axis + 1 :], dtype=int)) for axis in range(len(shape)))
        self.storage, self.shape, self.strides, self.offset = storage, tuple(shape), tuple(strides), offset
        self.is_parameter, self.metadata = is_parameter, metadata


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments


class _Pickler(pickle._Pickler):
    """Names what PyTorch would, which need not be there."""

    def __init__(self, file, protocol, storages):
        super().__init__(file, protocol)
        self.storages = storages

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        key = self.storages.setdefault(id(value), (str(len(self.storages)), value))[0]
        return ("storage", Global("torch", STORAGES[value.kind]), key, "cpu", value.count)

    def save(self, value, save_persistent_id=True):
        if isinstance(value, Global):
            return self._save_global_name(value)
        if isinstance(value, Call):
            return self.save_reduce(value.function, value.arguments, obj=value)
        if isinstance(value, Tensor):
            function = Global("torch._utils", "_rebuild_tensor_v2")
            arguments = (value.storage, value.offset, value.shape, value.strides, False, collections.OrderedDict())
            if value.metadata is not None:
                arguments += (value.metadata,)
            if value.is_parameter:
                inner = Tensor(value.storage, value.shape, value.strides, value.offset)
                self.kept.append(inner)
                function, arguments = Global("torch._utils", "_rebuild_parameter"), (inner, True, collections.OrderedDict())
            return self.save_reduce(function, arguments, obj=value)
        return super().save(value, save_persistent_id)

    kept = []
    _names = {}

    def _save_global_name(self, value):
        key = (value.module, value.name)
        known = self._globals.get(key)
        if known is not None:
            return self.write(self.get(known))
        if self.proto >= 4:
            self.save(value.module)
            self.save(value.name)
            self.write(pickle.STACK_GLOBAL)
        else:
            self.write(pickle.GLOBAL + value.module.encode() + b"\n" + value.name.encode() + b"\n")
        self._globals[key] = len(self.memo)
        self.kept.append(value)
        self.memoize(value)

    @property
    def _globals(self):
        return self.__dict__.setdefault("_known_globals", {})

    def save_reduce(self, func, args, state=None, listitems=None, dictitems=None, state_setter=None, *, obj=None):
        if isinstance(func, Global):
            self.kept.append(args)
            self.save(func)
            self.save(args)
            self.write(pickle.REDUCE)
            if obj is not None and id(obj) not in self.memo:
                self.memoize(obj)
            return None
        return super().save_reduce(func, args, state, listitems, dictitems, obj=obj)


def pickled(value, storages, protocol=2):
    import io

    file = io.BytesIO()
    _Pickler(file, protocol, storages).dump(value)
    return file.getvalue()


def write_torch(path, value, name=None, protocol=2, byte_order="little", checksums=True, more=()):
    """`value`: tensors, and lists, tuples and dictionaries of them; `more`: other members, {name: bytes}."""
    name = name or path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    storages = {}
    members = [("data.pkl", pickled(value, storages, protocol)), (".format_version", b"1"), (".storage_alignment", b"64"),
               ("byteorder", byte_order.encode())]
    members += [(f"data/{key}", storage.bytes) for key, storage in storages.values()]
    members += [("version", b"3\n"), (".data/serialization_id", b"0" * 40), *more]
    content, directory = bytearray(), bytearray()
    for member, data in members:
        full = f"{name}/{member}".encode()
        start = len(content)
        padding = -(start + 30 + len(full) + 4) % 64
        checksum = zlib.crc32(data) if checksums else 0
        content += struct.pack("<IHHHHHIIIHH", 0x04034B50, 0, 0x808, 0, 0, 0, 0, 0, 0, len(full), padding + 4) + full
        content += b"FB" + struct.pack("<H", padding) + b"Z" * padding + data
        content += struct.pack("<IIII", 0x08074B50, checksum, len(data), len(data))
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 0, 0, 0x808, 0, 0, 0, checksum, len(data), len(data),
                                 len(full), 0, 0, 0, 0, 0, start) + full
    start = len(content)
    content += directory
    end = len(content)
    content += struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x31E, 0x2D, 0, 0, len(members), len(members), len(directory), start)
    content += struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    content += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(directory), start, 0)
    with open(path, "wb") as file:
        file.write(content)


class _Unpickler(pickle.Unpickler):
    """Knows tensors, and names nothing else."""

    def __init__(self, file, archive, prefix, order):
        super().__init__(file)
        self.archive, self.prefix, self.order = archive, prefix, order

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch" and name in STORAGES.values():
            return {storage: kind for kind, storage in STORAGES.items()}[name]
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *more: (storage, offset, shape, strides)
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return lambda tensor, *more: tensor
        raise pickle.UnpicklingError(f"{module}.{name}")

    def persistent_load(self, identifier):
        _, kind, key, _, count = identifier
        data = self.archive.read(f"{self.prefix}data/{key}")
        if len(data) != count * SIZES[kind]:
            raise ValueError("a storage of another size")
        types = {"float16": "f2", "bfloat16": "u2", "float32": "f4", "float64": "f8", "int64": "i8", "int32": "i4", "uint8": "u1"}
        return kind, np.frombuffer(data, self.order + types[kind])


def read_torch(path, place):
    """A tensor as float64: `place` is the keys and indices that lead to it. Raises where the file has none there."""
    with zipfile.ZipFile(path) as archive:
        checked = any(info.CRC for info in archive.infolist())
        (pickled_name,) = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        prefix = pickled_name[: -len("data.pkl")]
        if not checked:
            zipfile.ZipExtFile._update_crc = lambda self, data: None
        order = archive.read(prefix + "byteorder").decode()
        import io

        value = _Unpickler(io.BytesIO(archive.read(pickled_name)), archive, prefix, {"little": "<", "big": ">"}[order]).load()
    for part in place:
        value = value[part] if isinstance(value, dict) else value[int(part)]
    while isinstance(value, dict):
        (value,) = value.values()
    (kind, storage), offset, shape, strides = value
    last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides))
    if min(shape) < 1 or min(strides) < 0 or offset < 0 or last >= len(storage):
        raise ValueError("a tensor beyond its storage")
    array = np.lib.stride_tricks.as_strided(storage[offset:], shape, [stride * storage.itemsize for stride in strides])
    if kind == "bfloat16":
        return (array.astype("<u4") << 16).view("<f4").astype(np.float64)
    return array.astype(np.float64)
