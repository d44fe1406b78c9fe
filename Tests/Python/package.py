"""Tests of the Python package: `package.py PROGRAM TEST` runs one, where the example data are."""

import contextlib
import html
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Sources" / "Python"))
os.environ["LOGITREE_PROGRAM"] = sys.argv[1]

import h5py
import numpy as np

import logitree

LOGITS = "languages.h5:/logits"
NAMES = "languages.txt"


def logits():
    with h5py.File("languages.h5") as file:
        return file["logits"][:]


def labels():
    with h5py.File("languages.h5") as file:
        return file["labels"][:]


@contextlib.contextmanager
def raises(kind, text):
    try:
        yield
    except kind as error:
        assert text in str(error), error
    else:
        raise AssertionError(f"no {kind}")


def forms():
    """Paths, arrays, tensors, tables and iterables give the same bytes."""
    import pandas

    class Interface:
        def __init__(self, array):
            self.array = array

    class WithArray(Interface):
        def __array__(self, dtype=None, copy=None):
            return self.array

    class WithDLPack(Interface):
        def __dlpack__(self, **options):
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    x = logits()[:2010]
    wanted = logitree.build(LOGITS, NAMES, rows="0:2010").export("merges")
    names = Path(NAMES).read_text().splitlines()
    np.save("x.npy", x)
    np.save("first.npy", x[:1000])
    np.save("second.npy", x[1000:])
    with h5py.File("some.h5", "w") as file:
        file["some"] = x
        given = {
            "path object": Path("x.npy"),
            "paths": ["first.npy", "second.npy"],
            "array": x,
            "Fortran order": np.asfortranarray(x),
            "big-endian": x.astype(">f4"),
            "every other row": np.repeat(x, 2, axis=0)[::2],
            "memory map": np.load("x.npy", mmap_mode="r"),
            "more dimensions": x.reshape(3, 10, 67, 97),
            "__array__": WithArray(x),
            "dataset": file["some"],
            "table": pandas.DataFrame(x, index=np.arange(len(x)) * 0.5),
            "blocks": (x[first : first + 777] for first in range(0, len(x), 777)),
            "rows": iter(x),
            "list of arrays": [x[:0], x[:1], x[1:]],
        }
        if hasattr(np, "from_dlpack"):
            given["DLPack"] = WithDLPack(x)
        with contextlib.suppress(ImportError):
            import torch

            given["tensor"] = torch.from_numpy(x).requires_grad_()
        for form, data in given.items():
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                found = logitree.build(data, names, threads=2)
            assert found.export("merges") == wanted, form
    # Rows that are read again, for merges that sketches leave open.
    wanted = logitree.build("x.npy", sketch_width=2)
    assert (wanted.merges.evidence == "exact").any()
    for data in (x, np.asfortranarray(x), iter(np.array_split(x, 7))):
        assert logitree.build(data, sketch_width=2).export("merges") == wanted.export("merges")
    started = logitree.build(x[:1000], sketch_width=2)
    assert started.update(x[1000:], allow_estimates=True).samples.sum() == len(x)
    assert not list(Path(".").glob("*.spool")) and not list(Path(tempfile.gettempdir()).glob("logitree-*.spool"))
    # Types that are not float32: as the program reads them from a file.
    for dtype in ("f2", "f8", ">f8"):
        np.save("typed.npy", x.astype(dtype))
        wanted = logitree.build("typed.npy").export("merges")
        assert logitree.build(x.astype(dtype)).export("merges") == wanted, dtype
        assert logitree.build(list(x.astype(dtype)), spool=".").export("merges") == wanted, dtype
    import ml_dtypes

    wide = x.astype(ml_dtypes.bfloat16)
    wanted = logitree.build(wide.astype("f4")).export("merges")
    assert logitree.build(wide).export("merges") == wanted


def top_k():
    """Blocks of the largest logits with their clusters, as torch.topk returns them, are what a file of them is."""
    x = logits().astype("f8")
    sums = np.log(np.exp(x - x.max(1, keepdims=True)).sum(1)) + x.max(1)
    indices = np.argsort(-x, axis=1, kind="stable")[:, :24]
    values = np.take_along_axis(x, indices, 1)
    logs = (values - sums[:, None]).astype("f4")
    with h5py.File("topk.h5", "w") as file:
        file["values"], file["indices"], file["logits"], file["lse"] = logs, indices, values, sums
    options = {"clusters": 97, "allow_estimates": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", logitree.LogitreeWarning)
        wanted = logitree.build("topk.h5", top_k="indices,values", **options).export("merges")
        blocks = ((logs[first : first + 700], indices[first : first + 700]) for first in range(0, len(x), 700))
        for data in (blocks, (logs, indices.astype(">u2")), [(logs, indices.astype("u1"))]):
            assert logitree.build(data, top_k=True, **options).export("merges") == wanted
        assert logitree.build((logs, indices), NAMES, top_k=True, **options).names[1] == "Amharic"
        wanted = logitree.build("topk.h5", top_k="indices,logits", normalizer="lse", **options).export("merges")
        started = logitree.build((values[:3000], indices[:3000], sums[:3000]), top_k=True, **options)
        grown = started.update((values[3000:], indices[3000:], sums[3000:, None]), top_k=True, allow_estimates=True)
        assert grown.export("merges") == wanted
    with raises(logitree.UsageError, "clusters=151936"):
        logitree.build((logs, indices), top_k=True)
    with raises(logitree.UsageError, "as torch.topk returns it"):
        logitree.build(logs, top_k=True, **options)
    with raises(logitree.UsageError, "come after the values"):
        logitree.build((indices.astype("f4"), logs), top_k=True, **options)
    with raises(logitree.DataError, "indices (6033, 23)"):
        logitree.build((logs, indices[:, 1:]), top_k=True, **options)
    with raises(logitree.DataError, "block 1 has rows of"):
        logitree.build([(logs, indices), (logs, indices.astype("i4"))], top_k=True, **options)


def hierarchy():
    """What a hierarchy tells is what the program writes, as SciPy and others read it."""
    import networkx
    from scipy.cluster import hierarchy as scipy
    from scipy.spatial.distance import squareform

    x, y = logits(), labels()
    # Two clusters without rows, whose columns are in the way of the others' numbers.
    x[:, [0, 50]] = -1e4
    names = Path(NAMES).read_text().splitlines()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        h = logitree.build(x, names)
    assert [w.category for w in told] == [logitree.LogitreeWarning] and "2 clusters have no rows" in str(told[0].message)
    assert told[0].filename == __file__
    assert h.names == names and h.samples.sum() == len(x) and list(np.flatnonzero(h.samples == 0)) == [0, 50]
    assert h.leaves == [name for name in names if name not in (names[0], names[50])]
    assert scipy.is_valid_linkage(h.linkage) and len(h.linkage) == 94
    assert np.array_equal(squareform(h.distances()), scipy.cophenet(h.linkage))
    assert np.array_equal(squareform(h.distances("share")), scipy.cophenet(h.linkage_by("share")))
    # Cuts are SciPy's, but for the numbers of groups.
    for k in (1, 7, 95):
        cut = h.cut(k)
        assert cut[0] == cut[50] == -1
        ours, theirs = cut[h.leaf_clusters], scipy.fcluster(h.linkage, k, "maxclust")
        assert len(set(zip(ours, theirs))) == len(set(ours)) == k
        groups = h.groups(k)
        assert [sorted(np.flatnonzero(cut == g)) for g in range(k)] == [group.clusters for group in groups]
        assert sum(group.samples for group in groups) == len(x)
        assert all(group.names == [names[c] for c in group.clusters] for group in groups)
    assert len(h.groups("auto")) == h.levels()["recommended"][0]["groups"]
    # Merges, and what is made of them.
    merges = h.merges
    table = merges.to_pandas()
    assert merges.dtype["node"] == np.int64 and list(merges.step) == list(range(1, 95))
    assert list(table.columns) == list(merges.dtype.names) and (table.evidence == "sketch").any()
    assert h.export("merges").decode().splitlines()[1].split(",")[6] == repr(float(merges.score[0]))
    graph = h.to_networkx()
    assert networkx.is_arborescence(graph) and len(graph) == 2 * 95 - 1
    leaves = {n: graph.nodes[n]["name"] for n in graph if graph.out_degree(n) == 0}
    assert set(leaves.values()) == set(h.leaves) and all(names[n] == name for n, name in leaves.items())
    assert h.newick() == h.export("newick").decode() and h.newick(height="share") != h.newick()
    assert h.affinity().shape == (97, 97)
    # Labels and other trees, as Python has them.
    figures = h.evaluate(y, coarse={name: name[0] for name in names})["labellings"]
    assert [f["name"] for f in figures] == ["labels", "coarse"] and figures[0]["labelled_rows"] == len(y)
    as_names = [names[i] if i else None for i in y]
    assert h.evaluate(as_names)["labellings"][0]["labelled_rows"] == np.count_nonzero(y)
    holes = np.where(y == 3, np.nan, y)
    assert h.evaluate(holes)["labellings"][0]["labelled_rows"] == np.count_nonzero(y != 3)
    assert logitree.build(LOGITS, h).names == names
    for same in (h, h.linkage, h.newick(), h.path):
        assert h.compare(same)["comparison"]["clades"]["rooted"]["distance"] == 0
    mapped = {name: name[0] for name in names}
    assert h.compare(mapped)["reference_kind"] == "taxonomy"
    # Support is in merges from then on.
    assert "clade_support" not in h.merges.dtype.names
    supported = h.support(5).merges
    assert np.isin(supported.clade_support[:-1] * 5, range(6)).all(), supported.clade_support


def placements():
    """Rows are assigned as the program does it, whatever they come in."""
    x = logits()
    h = logitree.build(LOGITS, NAMES)
    for rule, given in ((["-k", "7"], {"k": 7}), (["--confidence", "0.9"], {"confidence": 0.9})):
        field = "group" if "k" in given else "node"
        subprocess.run([sys.argv[1], "assign", h.path, LOGITS, *rule, "-o", "placed.h5", "--quiet"], check=True)
        with h5py.File("placed.h5") as file:
            wanted = file[field][:], file["probability"][:]
        for data in (LOGITS, x, x.astype(">f8"), iter(np.array_split(x, 9))):
            placed = h.assign(data, **given)
            assert placed.dtype.names == (field, "probability")
            assert np.array_equal(placed[field], wanted[0]) and np.array_equal(placed.probability, wanted[1])
    # More than a chunk, and the last one not full.
    np.save("long.npy", np.concatenate([x] * 12))
    placed = h.assign("long.npy", 3)
    assert np.array_equal(placed.group, np.tile(h.assign(x, 3).group, 12)) and len(placed.to_pandas()) == 12 * len(x)
    with raises(logitree.UsageError, "say what"):
        h.assign(x)
    # The least confidence of a promised accuracy, by labels of these rows or of others.
    y = labels()
    wanted = h.assign(LOGITS, accuracy=0.95, labels="languages.h5:/labels")
    for data, options in ((x, {}), (iter([x]), {}), (x, {"calibrate_on": x}), (LOGITS, {"calibrate_on": LOGITS})):
        assert np.array_equal(h.assign(data, accuracy=0.95, labels=y, **options), wanted)
    # Where rows are kept meanwhile: as is said, and without a name.
    Path("kept").mkdir()

    def blocks():
        yield x[:3000]
        assert not os.listdir("kept")
        yield x[3000:]

    kept = h.assign(blocks(), 3, spool="kept")
    assert np.array_equal(kept, h.assign(LOGITS, 3))
    with raises(logitree.CannotCreateError, "a file in nowhere: can't be created: No such file"):
        h.assign(x, 3, spool="nowhere")
    with raises(logitree.UsageError, "spool says where"):
        h.assign(x, 3, spool=False)


def stores():
    """Temporary stores go with their hierarchies, saved ones stay; more rows are taken in."""
    x = logits()
    h = logitree.build(x[:3000], NAMES)
    temporary = h.path
    assert temporary.is_dir()
    del h
    assert not temporary.parent.exists()
    h = logitree.build(x[:3000], NAMES)
    temporary = h.path
    assert h.save("saved.logitree") is h and h.path == Path("saved.logitree").absolute()
    assert not temporary.exists() and not list(Path(".").glob(".saved*"))
    with raises(logitree.CannotCreateError, "saved.logitree: is there already"):
        h.save("saved.logitree")
    Path("precious").mkdir()
    with raises(logitree.DataError, "precious: not a store"):
        h.save("precious", replace=True)
    copy = h.save("copy.logitree")
    assert copy is not h and copy.export("merges") == h.export("merges")
    assert h.update(iter(np.array_split(x[3000:], 5))) is h
    assert h.export("merges") == logitree.build(LOGITS).export("merges")
    assert int(h.samples.sum()) == len(x) and logitree.open("saved.logitree").names == h.names
    with raises(logitree.CannotCreateError, "saved.logitree"):
        logitree.build(x[:100], store="saved.logitree")
    assert len(logitree.build(x[:, :9], store="saved.logitree", replace=True).names) == 9
    # A tree deeper than Python's parsers go.
    deep = np.eye(1500, dtype="f4") * 8
    deep[np.arange(1, 1500), 0] = 4 + np.arange(1, 1500) / 1e3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert len(logitree.build(deep).merges) == 1499


def names():
    """Names and labels in whatever Python has them are the same; what is no name for each is refused."""
    import pandas

    x, y = logits()[:1500], labels()[:1500]
    names = Path(NAMES).read_text().splitlines()
    numbered = dict(enumerate(names))
    with h5py.File(LOGITS.partition(":")[0]) as file:
        given = {
            "bytes": [name.encode() for name in names],
            "array of bytes": np.array([name.encode() for name in names]),
            "dataset": file["classes"],
            "dataset as text": file["classes"].asstr(),
            "column": np.array(names)[:, None],
            "series": pandas.Series(names, index=names[::-1]),
            "table of one column": pandas.DataFrame({"name": names}),
            "generator": (name for name in names),
            "keys": dict.fromkeys(names).keys(),
            "id2label": dict(reversed(list(numbered.items()))),
            "id2label of JSON": {str(index): name for index, name in numbered.items()},
        }
        for form, value in given.items():
            assert logitree.build(x, value).names == names, form
    for value, text in (
        ({name: index for index, name in numbered.items()}, "a mapping of names is from the numbers of all clusters"),
        ({index + 1: name for index, name in numbered.items()}, "a mapping of names is from the numbers of all clusters"),
        (set(names), "not a set"),
        (b"languages.txt", "not a bytes"),
        (97, "not a int"),
        (np.array([names, names]), "the shape (2, 97)"),
        ([names, names], "a list is no name"),
        ([*names[1:], None], "no name of number 96: it is None"),
        (pandas.Series([*names[1:], np.nan]), "no name of number 96"),
        ([*names[1:], b"\xff"], "is no name"),
    ):
        with raises((logitree.UsageError, logitree.DataError), text):
            logitree.build(x, value)
    h = logitree.build(x, names)
    texts = np.array(names)[y]

    def figures(labels):
        (found,) = h.evaluate(labels)["labellings"]
        return found["labelled_rows"], found["top_accuracy"], found["accuracy"], sorted(found["labels"])

    wanted = figures(texts)
    for value in (y, texts.astype(object), np.char.encode(texts, "utf-8"), np.array([t.encode() for t in texts], object), y[:, None]):
        assert figures(value) == wanted
    few = figures([None if label == 3 else label for label in y.tolist()])
    for value in (
        np.ma.masked_array(y, y == 3),
        np.ma.masked_array(texts, y == 3),
        pandas.Series(y).mask(y == 3),
        pandas.array(np.where(y == 3, None, y), "Int64"),
        [float("nan") if label == 3 else name for label, name in zip(y, texts)],
    ):
        assert figures(value) == few, value
    assert few[0] == np.count_nonzero(y != 3) < len(y)
    for value, text in (
        (dict(enumerate(y)), "not a dict"),
        (set(y), "not a set"),
        (np.array([y, y]), "the shape (2, 1500)"),
        ([y, y[1:]], "among these is a ndarray"),
        (y + 0.5, "these are fractions"),
        (np.where(y == 3, np.inf, y), "these are fractions"),
    ):
        with raises(logitree.UsageError, text):
            h.evaluate(value)


def tables():
    """Tables and trees in whatever Python has them are what they are in files."""
    import pandas

    h = logitree.build(LOGITS, NAMES)
    y, path = labels(), "language_families.csv"
    families = pandas.read_csv(path)
    branch = families.set_index("class")["branch"].fillna("")
    coarse = [each for each in h.evaluate(y, coarse=families[["class", "branch"]])["labellings"]]
    assert coarse[1]["name"] == "branch" and coarse[1]["labelled_rows"] > 0
    numbered = {index: branch.get(name) for index, name in enumerate(h.names)}
    for value in (branch, dict(branch), branch.to_frame(), pandas.Series(numbered), numbered):
        found = h.evaluate(y, coarse=value)["labellings"][1]
        assert found["labelled_rows"] == coarse[1]["labelled_rows"] and found["accuracy"] == coarse[1]["accuracy"]
    wanted = h.compare(path)["comparison"]
    shuffled = families.sample(frac=1, random_state=1)
    encoded = families.apply(lambda column: column.map(lambda name: name.encode() if isinstance(name, str) else name))
    for value in (families, families.set_index("class"), encoded, shuffled, families.set_index("class").sort_index()):
        assert h.compare(value)["comparison"]["triplets"] == wanted["triplets"]
    same = h.newick()
    for value in (same, f"[&R] {same}", same.strip().rstrip(";"), h.linkage, h.linkage.tolist()):
        assert h.compare(value)["comparison"]["clades"]["rooted"]["distance"] == 0
    np.save("linkage.npy", h.linkage)
    for value in (h.linkage, "linkage.npy"):
        assert h.compare(value, names=h.leaves[::-1])["comparison"]["clades"]["rooted"]["distance"] > 0
    mistakes = h.evaluate(y, taxonomy=path)["mistakes"][1]
    for value in (Path(path), families, families.set_index("class")):
        found = h.evaluate(y, taxonomy=value, label_names=h.names)["mistakes"][1]
        assert found["taxonomy"] in (path, "the table") and {**found, "taxonomy": path} == mistakes
    assert "Uralic" in h.svg(annotations=families[["class", "family"]])
    for value, text in ((7, "a int is neither a path"), (h.linkage[:, :3], "four columns"), ([1, "a"], "four columns")):
        with raises(logitree.UsageError, text):
            h.compare(value)
    with raises(logitree.DataError, "is not UTF-8"):
        h.compare({name: "a" if name > "D" else "\ud800" for name in h.names})
    with raises(logitree.UsageError, "a list is no name"):
        h.compare({name: [name[0], name[:2]] for name in h.names})


def lifetimes():
    """A temporary store is there as long as a hierarchy is in it, whatever children end meanwhile."""
    import copy
    import gc
    import pickle

    h = logitree.build(logits()[:500])
    child = os.fork()
    if child == 0:
        sys.exit(0)  # as programs end, with all that is done then
    assert os.waitpid(child, 0)[1] == 0 and len(h.cut(3)) == 97
    temporary = h.path.parent
    others = [copy.copy(h), copy.deepcopy({"h": h})["h"]]
    del h
    assert all(len(other.groups(3)) == 3 for other in others)
    with raises(logitree.UsageError, "save() it first"):
        pickle.dumps(others[0])
    saved = others.pop().save("saved.logitree")
    assert temporary.is_dir() and pickle.loads(pickle.dumps(saved)).newick() == others[0].newick()
    others.clear()
    gc.collect()  # the error's frames
    assert not temporary.exists()

    def blocks():
        yield logits()[:100]
        if os.fork() == 0:
            sys.exit(0)  # through all that is under way
        os.wait()
        yield logits()[100:500]

    assert logitree.build(blocks(), saved.names).export("merges") == saved.export("merges")
    # Nor does a child that ends cut what its parent appends.
    ready, go = os.pipe()
    with logitree.Writer("forked.npy", 97) as out:
        child = os.fork()
        if child == 0:
            os.read(ready, 1)
            sys.exit(0)
        out.append(logitree.build("languages.h5", rows="0:9").affinity())
        os.write(go, b"!")
        os.waitpid(child, 0)
        assert len(np.load("forked.npy")) == len(out) == 97
    assert logitree.Writer("forked.npy", 97, mode="a").close() is None and len(np.load("forked.npy")) == 97
    # What a process left that was killed goes with the next build, and nothing else.
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT / "Sources" / "Python")!r})
import numpy as np, logitree
h = logitree.build("first.npy")
print(h.path.parent, flush=True)
sys.stdin.read()
os.kill(os.getpid(), signal.SIGKILL)
"""
    np.save("first.npy", logits()[:500])
    ended = subprocess.run([sys.executable, "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    left = Path(ended.stdout.strip())
    assert left.is_dir()
    mine = Path(tempfile.mkdtemp(prefix="logitree-"))
    (mine / "owner").write_text("me")
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as lives:
        right = Path(lives.stdout.readline().strip())
        logitree.build("first.npy")
        assert not left.exists() and right.is_dir() and mine.is_dir()
    logitree.build("first.npy")
    assert not right.exists()
    (mine / "owner").unlink()
    mine.rmdir()


def changes():
    """What a hierarchy tells is of one state of its store."""
    x = logits()
    first = logitree.build(x[:3000], NAMES, store="shared.logitree")
    merges = first.merges
    second = logitree.Hierarchy("shared.logitree")
    second.update(x[3000:])
    for call in (lambda: first.names, lambda: first.merges, lambda: first.cut(3), first.newick, first.update, lambda: first.save("copy")):
        with raises(logitree.DataError, "shared.logitree: was changed by another since it was read; logitree.open reads it anew"):
            call()
    assert len(merges) == 96 and logitree.open(first.path).samples.sum() == len(x)
    assert (second.support(3).merges.clade_support[:-1] <= 1).all()
    with raises(logitree.DataError, "nan"):
        second.update(np.full((3, 97), np.nan))
    assert second.samples.sum() == len(x)
    logitree.build(x[:, :9], store="shared.logitree", replace=True)
    with raises(logitree.DataError, "was changed by another"):
        second.groups(3)
    shutil.rmtree("shared.logitree")
    with raises(logitree.MissingError, "shared.logitree: no such store"):
        second.cut(3)


def bundles():
    """Of several arrays none is chosen, and what an array says itself is not said by options."""
    import collections

    x = logits()[:1500]
    soft = np.exp(x)
    masked = np.ma.masked_array(x.copy(), x > 9)
    output = collections.namedtuple("Output", "logits hidden")(x, soft)
    np.savez("both.npz", logits=x, soft=soft)
    with h5py.File("languages.h5") as file, np.load("both.npz") as both:
        for data, text in (
            ([(x, soft)], "not a tuple: give its first part alone"),
            ([[x, soft]], "not a tuple: give its first part alone"),
            ((x, soft), "not a tuple: give its first part alone"),
            ([{"logits": x, "label": soft}], "a block is an array, not a dict of several: give one of them, as x['logits']"),
            ([output], "a block is an array, not a Output: give its logits alone, as in (x.logits"),
            (output, "data are an array, not a Output"),
            ({"x": x}, "as x['x']"),
            (file, "not a File of several: give one of them, as x['logits']"),
            (both, "not a NpzFile of several: give one of them, as x['logits']"),
            (masked, "numbers are masked: fill them"),
            ([masked], "numbers are masked: fill them"),
            ({"languages.h5"}, "a set has no order"),
        ):
            with raises((logitree.UsageError, logitree.DataError), text):
                logitree.build(data)
    unmasked = np.ma.masked_array(x)
    assert logitree.build(unmasked).newick() == logitree.build([list(map(list, x.tolist()))]).newick()
    for options, text in (
        ({"type": "float64"}, "type= is for files, and the rows are in memory and tell it"),
        ({"raw": "float32"}, "raw= is for files"),
        ({"clusters": 97}, "clusters= is for files"),
        ({"transposed": True}, "transposed= is for files, and the rows are in memory: give array.T"),
        ({"dataset": "logits"}, "dataset= is for files"),
        ({"top_k": "indices,values"}, "top_k=True takes pairs"),
        ({"output": "x.logitree"}, "output= is for the command line: store="),
        ({"help": True}, "help= is for the command line: help(logitree)"),
        ({"version": True}, "version= is for the command line"),
        ({"spool": None}, "spool is a directory, or True or False, and not None"),
    ):
        with raises(logitree.UsageError, text):
            logitree.build(x, **options)
    for call in (h_assign, lambda h: h.update(x, type="float32")):
        with raises(logitree.UsageError, "= is for"):
            call(logitree.build(x))


def h_assign(h):
    return h.assign(logits(), 3, output="x.npy")


def values():
    """Numbers, lists and paths may be of other types than Python's own."""
    import collections

    x = logits()[:1500]
    h = logitree.build(x, NAMES)
    for k in (5.0, np.int64(5), np.float32(5), np.array(5), "5"):
        assert np.array_equal(h.cut(k), h.cut(5)) and len(h.groups(k)) == 5
    for several in ([5, 20], (5, np.int8(20)), np.array([5.0, 20.0])):
        assert np.array_equal(h.cut(several), np.stack([h.cut(5), h.cut(20)], axis=1))
    for k in (5.5, True, np.bool_(True), None, "five"):
        with raises(logitree.UsageError, f'or "auto", and not {k!r}'):
            h.cut(k)
    with raises(logitree.UsageError, "groups of one number"):
        h.groups([5, 20])
    for without in ({"Danish", 5}, ["Danish", 5], np.array([5, 14]), (c for c in (5, 14)), dict.fromkeys(["Danish", "5"]).keys()):
        assert len(logitree.build(x, NAMES, without=without).leaves) == 95
    assert len(logitree.build(x, NAMES, without="Danish").leaves) == len(logitree.build(x, NAMES, without=14).leaves) == 96
    comma = [*Path(NAMES).read_text().splitlines()[1:], "one, two"]
    assert "one, two" not in logitree.build(x, comma, without=["one, two"]).leaves
    assert np.array_equal(logitree.build(x, sketch_width=np.int16(3), allow_fill=np.bool_(True)).cut(3), logitree.build(x, sketch_width=3).cut(3))
    levels = h.evaluate(labels()[:1500], levels=[3, 30])["mistakes"][0]["levels"]
    assert [level["groups"] for level in levels] == [3, 30]
    # Paths, in whatever gives them.
    np.save("part-1.npy", x[:700])
    np.save("part-2.npy", x[700:])
    parts = [Path("part-1.npy"), Path("part-2.npy")]
    for data in (iter(parts), map(str, parts), (p for p in parts), collections.deque(parts), np.array(list(map(str, parts)))):
        assert logitree.build(data).samples.sum() == 1500
    # Numbers of pandas, which know what is missing.
    import pandas

    table = pandas.DataFrame(x, dtype="Float32")
    assert logitree.build(table).export("merges") == h.export("merges")
    table.iloc[3, 4] = pandas.NA
    with raises(logitree.DataError, "the rows: row 3, column 4 is nan"):
        logitree.build(table)


def messages():
    """What the program advises is said in words of Python, but for whole commands."""
    from logitree._messages import in_python

    for said, meant in (
        ("--on-invalid skip leaves such rows out", 'on_invalid="skip" leaves such rows out'),
        ("they have two: --top-k indices,values", 'they have two: top_k="indices,values"'),
        ("choose --top-k 'a b,c'", "choose top_k='a b,c'"),
        ("are --raw and --clusters others?", "are raw and clusters others?"),
        ("lose it with --replace, say it with --clusters 1000", "lose it with replace=True, say it with clusters=1000"),
        ("as -k 5, or look at logitree levels", "as k=5, or look at levels()"),
        ("x: no such store; logitree build makes one", "x: no such store; logitree.build makes one"),
        (
            "--temperature, for which logitree evaluate STORE --labels FILE --fit-temperature finds a value",
            "temperature, for which logitree evaluate STORE --labels FILE --fit-temperature finds a value",
        ),
        (
            "take --allow-estimates: logitree update /my/a.logitree --allow-estimates takes them, --memory 2GiB",
            'take allow_estimates=True: logitree update /my/a.logitree --allow-estimates takes them, memory="2GiB"',
        ),
        ("The value '1' is invalid for '-k <n>'\nHelp:  -k <n>  Cut into N.\nUsage: logitree cut", "The value '1' is invalid for k=\nCut into N."),
        ("/tmp/1-names.json: has 3 names of 4 rows of standard input", "names: has 3 names of 4 rows that are in no file"),
        ("standard input: row 7 is nan", "the rows: row 7 is nan"),
        ("a pre-trained model's e-mail", "a pre-trained model's e-mail"),
    ):
        assert in_python(said, {"/tmp/1-names.json": "names"}) == meant, in_python(said, {})


def failures():
    """What the program refuses is an error of a class, with its words; nothing is left of it."""
    x = logits()
    for kind, text, call in (
        (logitree.MissingError, "nowhere.h5: no such file", lambda: logitree.build("nowhere.h5")),
        (FileNotFoundError, "nowhere: no such store", lambda: logitree.open("nowhere")),
        (logitree.UsageError, "'1 potato' is invalid for memory=\nThe most memory to take, as 512MiB", lambda: logitree.build(x, memory="1 potato")),
        (logitree.UsageError, "the tree has 97 leaves", lambda: logitree.build(x).cut(98)),
        (logitree.UsageError, "int64: logits are float16", lambda: logitree.build(np.ones((2, 2), int))),
        (logitree.UsageError, "the shape (6033,)", lambda: logitree.build(x[:, 0])),
        (logitree.UsageError, "not a tuple", lambda: logitree.build([(x, 1)])),
        (logitree.UsageError, "NoneType", lambda: logitree.build(None)),
        (logitree.DataError, "there are no rows", lambda: logitree.build([])),
        (logitree.DataError, "block 1 has 96 clusters", lambda: logitree.build([x, x[:, 1:]])),
        (logitree.DataError, "block 1 is float64", lambda: logitree.build([x, x.astype("f8")])),
        (
            logitree.DataError,
            "row 7, column 7 is nan, which is no logit; on_invalid=\"skip\" leaves",
            lambda: logitree.build(np.where(x == x[7, 7], np.nan, x)),
        ),
        (logitree.UsageError, "there is no argument sketch_widht=. Did you mean sketch_width=?", lambda: logitree.build(x, sketch_widht=3)),
        (TypeError, "there is no argument nod=", lambda: logitree.build(x).show(nod="Danish")),
        (logitree.UsageError, "'foo' is invalid for kind=. Please provide one of 'logits'", lambda: logitree.build(x, kind="foo")),
        (logitree.DataError, "names: has 96 names", lambda: logitree.build(x, ["a"] * 96)),
        (logitree.DataError, "labels: has 9 labels", lambda: logitree.build(x).evaluate(range(9))),
        (logitree.DataError, "the rows: has 96 columns", lambda: logitree.build(x).assign(x[:, 1:], 3)),
        (logitree.DataError, "the tree, line 1", lambda: logitree.build(x).compare("((a,b);")),
        *(
            (logitree.CannotCreateError, f"{place}: can't be created: there is no directory {Path(place).parent.absolute()}", call)
            for place in ("no/such", "languages.txt/x")
            for call in (
                lambda place=place: logitree.build(x, store=place),
                lambda place=place: logitree.build(iter([x]), store=place),
                lambda place=place: logitree.build(LOGITS, store=place),
            )
        ),
        (logitree.CannotCreateError, "no/such: can't be created: No such file", lambda: logitree.build(x).save("no/such")),
        (logitree.CannotCreateError, "a file in no: can't be created: No such file", lambda: logitree.build(x, spool="no")),
    ):
        before = sorted(os.listdir("."))
        with raises(kind, text):
            call()
        assert sorted(os.listdir(".")) == before
    assert logitree.DataError.exit_code == 65 and issubclass(logitree.DataError, logitree.LogitreeError)

    def breaks():
        yield x[:1000]
        raise KeyError("mine")

    with raises(KeyError, "mine"):
        logitree.build(breaks(), store="broken.logitree")
    with raises(logitree.MissingError, "broken.logitree: no such store"):
        logitree.open("broken.logitree")
    # The same store once more: what the advice says.
    logitree.build(x, store="again.logitree")
    with raises(logitree.CannotCreateError, "6033 rows that are in no file; choose another name, add inputs to it with update(), or lose it with replace=True"):
        logitree.build(x, store="again.logitree")
    assert not issubclass(logitree.CannotCreateError, FileExistsError)

    def closed():
        yield x[:1000]
        raise BrokenPipeError("mine too")

    with raises(BrokenPipeError, "mine too"):
        logitree.build(closed())

    def endless():
        while True:
            yield np.full((100, 97), np.nan, "f4")

    # The program goes away, and says why.
    with raises(logitree.DataError, "row 0, column 0 is nan"):
        logitree.build(endless())
    for other in ("/bin/true", "/bin/echo"):
        os.environ["LOGITREE_PROGRAM"] = other
        for call in (lambda: logitree.build(x), lambda: logitree.open("again.logitree")):
            with raises(logitree.InternalError, f"{other}: doesn't answer as logitree does"):
                call()
    os.environ["LOGITREE_PROGRAM"] = "/nowhere/logitree"
    with raises(FileNotFoundError, "/nowhere/logitree, which is no program"):
        logitree.find_program()


def interruptions():
    """Ctrl-C ends a build and its program, and a process that is killed leaves no half of a data set."""

    def long():
        for _ in range(3000):
            time.sleep(0.005)
            yield np.random.default_rng(1).standard_normal((1000, 50), dtype="f4")

    # Whoever started this may have blocked it.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # As in a notebook, which interrupts nobody but Python.
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with raises(KeyboardInterrupt, ""):
        logitree.build(long(), store="interrupted.logitree", progress=False)
    assert time.monotonic() - start < 10
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert not any("logitree" in Path(f"/proc/{child}/cmdline").read_text() for child in children)
    # Between two blocks, so that what was written ends with a row.
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT / "Sources" / "Python")!r})
import numpy as np, logitree
def blocks():
    yield np.random.default_rng(1).standard_normal((5000, 50), dtype="f4")
    os.kill(os.getpid(), signal.SIGKILL)
logitree.build(blocks(), store="killed.logitree")
"""
    ended = subprocess.run([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    assert ended.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while not settled("killed.logitree") and time.monotonic() < deadline:
        time.sleep(0.05)
    with raises((logitree.MissingError, logitree.IncompleteError), "killed.logitree"):
        logitree.open("killed.logitree")


def settled(store):
    """Whether nobody works on a store any more."""
    import fcntl

    try:
        with open(f"{store}/lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False


def writer():
    """What was appended can be read at any time, by NumPy and by the program; and is not lost."""
    x, y = logits(), labels()
    names = Path(NAMES).read_text().splitlines()
    with logitree.Writer("out.npy", 97, names) as out:
        for first in range(0, len(x), 1000):
            out.append(x[first : first + 1000], y[first : first + 1000])
            assert np.array_equal(np.load("out.npy"), x[: len(out)]) and np.array_equal(np.load(out.labels_path), y[: len(out)])
    h = logitree.build(out, out.names_path)
    assert h.names == names and h.export("merges") == logitree.build(LOGITS, NAMES).export("merges")
    assert h.evaluate(out.labels_path)["labellings"][0]["labelled_rows"] == len(x)
    with raises(logitree.CannotCreateError, "is there already"):
        logitree.Writer("out.npy", 97)
    # A process that is killed leaves the rows that it appended, and another goes on after them.
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT / "Sources" / "Python")!r})
import h5py, logitree
out = logitree.Writer("killed.npy", 97)
with h5py.File("languages.h5") as file:
    out.append(file["logits"][:3000], file["labels"][:3000])
    out._logits.write(file["logits"][3000:])  # in the midst of a block
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script]).returncode == -signal.SIGKILL
    assert np.array_equal(np.load("killed.npy"), x[:3000]) and np.array_equal(np.load("killed.labels.npy"), y[:3000])
    assert int(logitree.build("killed.npy").samples.sum()) == 3000
    with logitree.Writer("killed.npy", 97, mode="a") as out:
        assert len(out) == 3000
        out.append(x[3000:], y[3000:])
    assert Path("killed.npy").read_bytes() == Path("out.npy").read_bytes()
    assert Path("killed.labels.npy").read_bytes() == Path("out.labels.npy").read_bytes()
    # Killed when the logits counted, and their labels were only written.
    out = logitree.Writer("killed.npy", 97, mode="a")
    out._logits.write(x[:5])
    out._labels.write(y[:5].astype("i8"))
    out._logits.count()
    for file in (out._logits, out._labels):
        file._file.close()
    with logitree.Writer("killed.npy", 97, mode="a") as out:
        assert len(out) == len(x) + 5 and np.array_equal(np.load(out.labels_path)[-5:], y[:5])
    with raises(logitree.DataError, "not of"):
        logitree.Writer("killed.npy", 96, mode="a")
    with raises(logitree.DataError, "rows have 5 numbers"):
        logitree.Writer("other.npy", 97).append(x[:, :5])
    with raises(logitree.UsageError, "either all blocks have labels"):
        out = logitree.Writer("third.npy", 97)
        out.append(x[:5])
        out.append(x[:5], y[:5])
    halves(x)


def appending():
    """A writer takes nothing for its own that is another's, and leaves what it refuses as it was."""
    x, y = logits(), labels()
    with logitree.Writer("out.npy", 97) as out:
        out.append(x[:100], y[:100])
        with raises(logitree.CannotCreateError, "out.npy: another writer has it open"):
            logitree.Writer("out.npy", 97, mode="w")
    assert len(np.load("out.npy")) == 100
    # Labels without their logits, or with those of others.
    os.rename("out.npy", "moved.npy")
    with raises(logitree.DataError, "out.npy: is not there, but its labels are: out.labels.npy"):
        logitree.Writer("out.npy", 97, mode="a")
    np.save("out.npy", x[:90])
    for _ in range(2):
        with raises(logitree.DataError, "out.npy has 90 rows, and out.labels.npy 100"):
            logitree.Writer("out.npy", 97, mode="a")
    assert len(np.load("out.labels.npy")) == 100 and len(np.load("out.npy")) == 90
    # The power failed: a header was on the disk before its rows.
    os.replace("moved.npy", "out.npy")
    os.truncate("out.npy", os.path.getsize("out.npy") - 5)
    with logitree.Writer("out.npy", 97, mode="a") as out:
        assert len(out) == len(np.load("out.labels.npy")) == 99
    # Names: as build takes them, and never those of others.
    names = Path(NAMES).read_text().splitlines()
    with raises(logitree.CannotCreateError, "out.labels.npy: is there already"):
        os.remove("out.npy")
        logitree.Writer("out.npy", 97)
    for given in (dict(enumerate(names)), np.array([name.encode() for name in names])):
        with logitree.Writer("named.npy", 97, given, mode="w") as out:
            out.append(x[:9])
        assert json.loads(out.names_path.read_text()) == names
    with raises(logitree.UsageError, "named.names.json: has other names"):
        logitree.Writer("named.npy", 97, names[::-1], mode="a")
    with logitree.Writer("named.npy", 97, mode="w") as out:
        out.append(x[:99])
    assert not out.names_path.exists()
    out = logitree.Writer("named.npy", 97, NAMES, mode="a")
    assert logitree.build(out, out.names_path).names == names
    out.close()
    out.names_path = Path("x.names.json")
    out.names_path.write_text("precious")
    with raises(logitree.CannotCreateError, "x.names.json: is there already"):
        logitree.Writer("x.npy", 97, names)
    # A first block that is refused decides nothing, and an empty one neither.
    with logitree.Writer("first.npy", 97) as out:
        with raises(logitree.DataError, "there are 4 labels of 5 rows"):
            out.append(x[:5], y[:4])
        out.append(x[:0], [])
        out.append(x[:5])
        assert not out.labels_path.exists()
    with logitree.Writer("second.npy", 97) as out:
        out.append(x[:6].reshape(2, 3, 97), y[:6].reshape(2, 3))
        out.append(x[0], 7)
        out.append(x[:0], [])
        assert list(np.load(out.labels_path)) == [*y[:6], 7]
        with raises(logitree.DataError, "a label is 9223372036854775808"):
            out.append(x[:1], np.array([1 << 63], "u8"))
    for clusters in (1, 2.5, "many", None):
        with raises(logitree.UsageError, f"and not {clusters!r}"):
            logitree.Writer("none.npy", clusters)
    for dtype in ("bfloat16", "int8", "no type"):
        with raises(logitree.UsageError, f"dtype is {dtype}: float16, float32 or float64"):
            logitree.Writer("none.npy", 97, dtype=dtype)
    with raises(logitree.UsageError, "none.h5: files of NumPy's"):
        logitree.Writer("none.h5", 97)
    with raises(logitree.CannotCreateError, "no/none.npy: can't be created: No such file"):
        logitree.Writer("no/none.npy", 97)
    # Nothing finite becomes infinite, and what is not is told.
    wide = np.array([[-3e38, 3e38, 0], [1e300, -1e300, 0]])
    for dtype, block in (("float16", wide[:1].astype("f4")), ("float16", wide), ("float32", wide)):
        with logitree.Writer("wide.npy", 3, dtype=dtype, mode="w") as out:
            out.append(block)
        assert np.isfinite(np.load("wide.npy")).all()
    with warnings.catch_warnings(record=True) as told, logitree.Writer("nan.npy", 3) as out:
        warnings.simplefilter("always")
        out.append(np.zeros((4, 3)))
        out.append(np.array([[0, 0, 0], [0, np.nan, 1], [0, np.inf, 1], [-np.inf, 1, 2]]))
    assert [str(w.message)[:70] for w in told] == ["nan.npy: 2 rows have NaN or infinity, the first is row 5; build can le"]
    assert told[0].filename == __file__


def halves(x):
    """float16 keeps the order of a row's logits, and what is finite finite."""
    rows = np.concatenate([x[:500] + 3e4, np.linspace(-1e6, 0, 97, dtype="f4")[None], np.full((1, 97), -3.5, "f4")])
    rows[0, 5], rows[1, 6], rows[2] = -np.inf, rows[1].max() - 1e-9, -np.inf
    rows[3] = np.nextafter(np.float32(2000), np.float32(0))
    rows[3, 96] = 2000  # the maximum by the least there is
    rows[2, 9] = 7
    with logitree.Writer("half.npy", 97, dtype="float16") as out:
        out.append(rows)
        out.append(rows[:3].astype("f8"))
    found = np.load("half.npy")
    assert found.dtype == np.float16 and len(found) == 505 and np.array_equal(found[-3:], found[:3])
    found = found[:-3].astype("f4")
    assert np.array_equal(found.argmax(1), rows.argmax(1)) and (found.max(1) == 0).all()
    assert np.array_equal(np.isneginf(found), np.isneginf(rows)) and not np.isnan(found).any()
    for stored, given in zip(found, rows):
        ascending = stored[np.argsort(given, kind="stable")]
        assert (ascending[1:] >= ascending[:-1]).all()
        assert np.array_equal(stored == 0, given == given.max())


def looks():
    """What people see: the tree, the page in a notebook's frame, progress on a terminal and nowhere else."""
    h = logitree.build(LOGITS, NAMES)
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        h.show(node="Danish")
    assert "◀" in shown.getvalue() and "#14 Danish" in shown.getvalue()
    frame = h._repr_html_()
    (page,) = re.findall(r'srcdoc="([^"]*)"', frame)
    assert html.unescape(page) == h.html() and h.html(labels=labels()) != h.html()
    assert "97 clusters, 6,033 rows" in repr(h)
    assert str(h) == "97 clusters, 6,033 rows: not saved" and "97 clusters" in repr(h)
    assert str(logitree.build(LOGITS, store="kept.logitree")) == "97 clusters, 6,033 rows: kept.logitree"
    assert "<td>" in h.merges._repr_html_() and h.merges[3:5]._repr_html_() != h.merges._repr_html_()
    assert "__version__" in dir(logitree) and re.fullmatch(r"\d+\.\d+\.\d+.*", logitree.__version__) and "<title>languages.logitree" in h.html()
    # A terminal that has no Unicode; a name that is longer than tables usually have.
    told = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    long = logitree.build(LOGITS, ["x" * 200_000, *h.names[1:]])
    with contextlib.redirect_stdout(told):
        h.show()
    told.flush()
    assert b"Danish" in told.buffer.getvalue()
    assert np.array_equal(long.cut(5), h.cut(5)) and max(map(len, long.groups(97)[long.cut(97)[0]].names)) == 200_000
    notebook(h)
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        logitree.build(LOGITS)
        assert told.getvalue() == ""
        logitree.build(logits(), progress=True)
    assert "pass 1, scan: 6,033 rows in" in told.getvalue() and "96 merges" in told.getvalue()
    assert "\x1b" not in told.getvalue()

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    told = Terminal()
    with contextlib.redirect_stderr(told):
        logitree.build(LOGITS)
        with raises(logitree.MissingError, "nowhere.h5"):
            logitree.build("nowhere.h5")
    assert "\r\x1b[Kpass 1, scan: 6,033 rows in" in told.getvalue() and "nowhere.h5" not in told.getvalue()


def notebook(h):
    """In a notebook progress is an output of its own, without paths that nobody gave, and gone at the end."""
    import types

    shown = []
    handle = types.SimpleNamespace(update=lambda content, raw: shown.append(content["text/plain"]))
    display = types.SimpleNamespace(display=lambda content, raw, display_id: handle)
    sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: types.SimpleNamespace(kernel=None), display=display)
    sys.modules["IPython.display"] = display
    try:
        logitree.build(logits())
    finally:
        del sys.modules["IPython"], sys.modules["IPython.display"]
    assert any("6,033 rows" in text for text in shown) and shown[-1] == ""
    assert not any(tempfile.gettempdir() in text for text in shown) and any("the hierarchy: 6,033 rows" in text for text in shown)


def types():
    """The package is typed, without exception, and has no words of later versions of Python than 3.9."""
    import ast

    for path in (ROOT / "Sources" / "Python" / "logitree").glob("*.py"):
        ast.parse(path.read_text(), feature_version=(3, 9))
    cache = ROOT / ".build" / "mypy"
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache, "-p", "logitree"],
        cwd=ROOT / "Sources" / "Python",
        stdout=subprocess.PIPE,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


if __name__ == "__main__":
    tests = (
        forms,
        top_k,
        hierarchy,
        placements,
        stores,
        lifetimes,
        changes,
        names,
        tables,
        bundles,
        values,
        messages,
        failures,
        interruptions,
        writer,
        appending,
        looks,
        types,
    )
    {test.__name__: test for test in tests}[sys.argv[2]]()
