"""As much of Hugging Face's datasets as docs/huggingface.md calls: a picture is the number of a row of imagenet.h5."""

import h5py


class Dataset:
    def iter(self, batch_size):
        with h5py.File("imagenet.h5") as file:
            labels = file["labels"][:]
        for first in range(0, len(labels), batch_size):
            rows = range(first, min(first + batch_size, len(labels)))
            yield {"image": list(rows), "label": labels[first : rows.stop].tolist()}


def load_dataset(name, split):
    return Dataset()
