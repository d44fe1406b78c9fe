"""As much of PyTorch as docs/huggingface.md calls, on NumPy."""

import contextlib
from collections import namedtuple

import numpy as np

TopK = namedtuple("topk", ["values", "indices"])


class Tensor:
    def __init__(self, array):
        self.array = np.asarray(array)

    shape = property(lambda self: self.array.shape)
    ndim = property(lambda self: self.array.ndim)
    dtype = property(lambda self: self.array.dtype)

    def __array__(self, dtype=None, copy=None):
        return self.array if dtype is None else self.array.astype(dtype)

    def __len__(self):
        return len(self.array)

    def __getitem__(self, index):
        return Tensor(self.array[index])

    def float(self):
        return Tensor(self.array.astype(np.float32))

    def cpu(self):
        return self

    def topk(self, k):
        indices = np.argsort(-self.array, axis=-1, kind="stable")[..., :k]
        return TopK(Tensor(np.take_along_axis(self.array, indices, -1)), Tensor(indices))


def log_softmax(tensor, dim):
    x = tensor.array - tensor.array.max(dim, keepdims=True)
    return Tensor(x - np.log(np.exp(x).sum(dim, keepdims=True)))


@contextlib.contextmanager
def inference_mode():
    yield
