"""Tests of the Python package: `package.py PROGRAM TEST` runs one, where the example data are."""

import contextlib
import html
import io
import os
import re
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
            "DLPack": WithDLPack(x),
            "dataset": file["some"],
            "table": pandas.DataFrame(x, index=np.arange(len(x)) * 0.5),
            "blocks": (x[first : first + 777] for first in range(0, len(x), 777)),
            "rows": iter(x),
            "list of arrays": [x[:0], x[:1], x[1:]],
        }
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


def failures():
    """What the program refuses is an error of a class, with its words; nothing is left of it."""
    x = logits()
    for kind, text, call in (
        (logitree.MissingError, "nowhere.h5: no such file", lambda: logitree.build("nowhere.h5")),
        (FileNotFoundError, "nowhere: no such store", lambda: logitree.open("nowhere")),
        (logitree.UsageError, "'1 potato' is invalid for 'memory", lambda: logitree.build(x, memory="1 potato")),
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
        (logitree.CannotCreateError, "", lambda: logitree.build(x, store="no/such/place")),
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
    # One file has a block more: killed between the two.
    with logitree.Writer("killed.npy", 97, mode="a") as out:
        out._logits.append(x[:5])
        out._logits._file.close()
    with logitree.Writer("killed.npy", 97, mode="a") as out:
        assert len(out) == len(x) == len(np.load(out.labels_path))
    with raises(logitree.DataError, "not of"):
        logitree.Writer("killed.npy", 96, mode="a")
    with raises(logitree.DataError, "rows have 5 numbers"):
        logitree.Writer("other.npy", 97).append(x[:, :5])
    with raises(logitree.UsageError, "either all blocks have labels"):
        out = logitree.Writer("third.npy", 97)
        out.append(x[:5])
        out.append(x[:5], y[:5])
    halves(x)


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
    {f.__name__: f for f in (forms, top_k, hierarchy, placements, stores, failures, interruptions, writer, looks, types)}[
        sys.argv[2]
    ]()
