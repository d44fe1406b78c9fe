"""What tools/bench measures: processes, from start to end, with their seconds and peak memory."""

import json
import re
import shutil
import statistics
import subprocess
import sys

# Starts a command and reports its seconds and peak memory. A small process of its own, because a command's peak
# counts from what its parent had resident when it was started.
LAUNCHER = """
import json, os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
facts = dict(seconds=time.perf_counter() - start, peak=usage.ru_maxrss * 1024, code=os.waitstatus_to_exitcode(status))
with open(sys.argv[1], "w") as report:
    json.dump(facts, report)
"""

# The scripts print their own seconds: those of the reading alone, without starting Python.
H5PY_READER = """
import sys, time
import h5py
if "plugins" in sys.argv: import hdf5plugin
import numpy as np
with h5py.File(sys.argv[1]) as file:
    data = file["logits"]
    block = np.empty((min(4096, len(data)), data.shape[1]), data.dtype)
    start = time.perf_counter()
    for first in range(0, len(data), len(block)):
        last = min(first + len(block), len(data))
        data.read_direct(block, np.s_[first:last], np.s_[: last - first])
    print(time.perf_counter() - start)
"""

PREAD_LOOP = """
import os, sys, time
file, block, position = os.open(sys.argv[1], os.O_RDONLY), [bytearray(1 << 20)], 0
start = time.perf_counter()
while count := os.preadv(file, block, position):
    position += count
print(time.perf_counter() - start)
"""


class Measured:
    """One run: seconds, peak memory in bytes, and what it printed."""

    def __init__(self, command, directory, output=subprocess.PIPE):
        report = directory / "launch.json"
        run = subprocess.run([sys.executable, "-I", "-S", "-c", LAUNCHER, str(report), *map(str, command)],
                             stdout=output, stderr=subprocess.PIPE, text=True)
        facts = json.loads(report.read_text()) if run.returncode == 0 else dict(code=run.returncode)
        if facts["code"] != 0:
            sys.exit(f"bench: {' '.join(map(str, command))} ended with {facts['code']}:\n{run.stderr}")
        self.seconds, self.peak, self.output, self.errors = facts["seconds"], facts["peak"], run.stdout, run.stderr


class Build(Measured):
    """A run of `logitree build` to bench.logitree, with its `summary`."""

    def __init__(self, command, directory):
        super().__init__(command, directory)
        try:
            self.summary = json.loads(self.output)
        except ValueError:
            sys.exit(f"bench: logitree build --json printed no JSON:\n{self.output}")
        # The bytes a second of the first pass; None: not told.
        self.scan = pass_speed(self, "pass 1, scan")

    def seconds_a_gigabyte(self, row_bytes):
        """What passes took for each GB that they read, as the program tells, of rows of so many bytes."""
        told = re.findall(r"^pass \d+, .*: ([\d,]+) rows in .* rows/s, ([\d.]+) GB/s$", self.errors, re.MULTILINE)
        read = [int(rows.replace(",", "")) * row_bytes / 1e9 for rows, _ in told]
        return sum(size / float(speed) for size, (_, speed) in zip(read, told)) / sum(read)


def build(binary, source, directory, options):
    store = directory / "bench.logitree"
    shutil.rmtree(store, ignore_errors=True)
    return Build([binary, "build", source, "-o", store, "--json", *options], directory)


def build_piped(binary, source, directory, options):
    """The same of rows that `cat` sends through a pipe. The peak is that of the larger process."""
    store = directory / "bench.logitree"
    shutil.rmtree(store, ignore_errors=True)
    script = 'source=$1; shift; cat "$source" | "$@"'
    return Build(["/bin/sh", "-c", script, "sh", source, binary, "build", "-", "-o", store, "--json", *options], directory)


def pass_speed(run, heading):
    """The bytes a second of a pass, as the program tells; None if it does not."""
    told = re.search(rf"^{heading}: .* rows/s, ([\d.]+) GB/s$", run.errors, re.MULTILINE)
    return float(told[1]) * 1e9 if told else None


def assign(binary, store, source, directory, rule):
    """`logitree assign` to bench-assigned.h5, which is removed; also `scan`, the bytes a second of its pass."""
    output = directory / "bench-assigned.h5"
    run = Measured([binary, "assign", store, source, "-o", output, *rule], directory)
    output.unlink()
    run.scan = pass_speed(run, "assign")
    return run


def script(text, source, directory, *arguments):
    run = Measured([sys.executable, "-c", text, source, *arguments], directory)
    run.seconds = float(run.output)
    return run


def h5py_read(source, directory, *arguments):
    """Blocks of 4096 rows into one buffer; with "plugins", by those of hdf5plugin."""
    return script(H5PY_READER, source, directory, *arguments)


def pread_loop(source, directory):
    """One thread, 1 MiB at a time into one buffer."""
    return script(PREAD_LOOP, source, directory)


def cat(source, directory):
    return Measured([shutil.which("cat"), source], directory, subprocess.DEVNULL)


def median(runs):
    return statistics.median(run.seconds for run in runs)


def peak(runs):
    return max(run.peak for run in runs)


def met(value, bound):
    """A bound, and whether it is met."""
    return f"{'':>8}" if bound is None else f"{bound:5.2f} {'✓' if value <= bound else '✗':2}"
