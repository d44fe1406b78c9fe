"""What tools/bench measures of growth: rows, clusters, stores, and the constants of docs/scale.md."""

import json
import os
import shutil
import statistics

from bench_data import KINDS, LAYOUTS, REPEATED, Data, make_logits
from measured import Measured, build, h5py_read, median, met, pass_speed, peak

PASS_BOUND = 1.5  # of the time that as many bytes take at K = 1000
MERGE_LOOP_BOUND = 30  # seconds


def memory_check(binary, directory, chosen):
    print("\nPeak memory of logitree build against the number of rows, 100 clusters, float32\n", flush=True)
    peaks = []
    for rows in (100_000, 1_000_000):
        data = Data(directory, None, rows, 100)
        run = build(binary, data.make(LAYOUTS[0]), directory, chosen.options)
        if not chosen.keep:
            data.remove(LAYOUTS[0])
        peaks.append(run.peak)
        print(f"{rows:>9,} rows  {run.seconds:8.3f} s  {run.peak / 2**20:8.0f} MiB")
    print(f"    ratio       {'':8}    {peaks[1] / peaks[0]:8.2f}")


def growth(binary, directory, chosen):
    """What the store holds and saves: certified merges, passes, size, and an update with 1 % more rows."""
    rows, clusters = (20_000, 200) if chosen.quick else (200_000, 1000)
    data = Data(directory, None, rows, clusters)
    source, more, store = data.make(LAYOUTS[0]), directory / "more.h5", directory / "bench.logitree"
    make_logits(more, rows // 100, clusters, "--seed", "9")
    print(f"\nThe store of {rows:,} × {clusters:,} float32\n", flush=True)
    built = build(binary, source, directory, chosen.options)
    size = sum(file.stat().st_size for file in store.iterdir())
    certified = built.summary["sketch_merges"] / max(1, built.summary["merges"])
    print(f"certified by sketch  {certified:8.1%} of {built.summary['merges']:,} merges, {built.summary['passes']} passes")
    print(f"size                 {size / (4 * rows * clusters):8.1%} of the logits as float32")
    merging = Measured([binary, "update", store, "--quiet", *chosen.options], directory)
    updated = Measured([binary, "update", store, more, "--quiet", *chosen.options], directory)
    print(f"build                {built.seconds:8.3f} s")
    print(f"merge loop alone     {merging.seconds:8.3f} s  (an update with nothing new)")
    print(f"update with 1 % more {updated.seconds:8.3f} s, of which {updated.seconds - merging.seconds:.3f} s beyond the merge"
          f" loop: {(updated.seconds - merging.seconds) / built.seconds:.1%} of the build")


def few_clusters(binary, directory, chosen):
    """Rows so short that they take less time than what there is to each of them, beside h5py's read, by turns."""
    part = 1 if chosen.full else 20
    print("\nFew clusters, float32, chunks of 256 rows: the build beside h5py's read, and its store beside the logits\n")
    print(f"{'':38}  {'logitree':>10}  {'memory':>8}  {'h5py':>9}  {'ratio':>6}  {'at most':8}  {'aim':8}  {'store':>7}  {'at most':8}"
          f"  {'passes':>6}", flush=True)
    for rows, clusters, aim in [(4_000_000 // part, 100, 1.5), (20_000_000 // part, 10, 1)]:
        for kind in [kind for kind in KINDS if kind != REPEATED]:
            data = Data(directory, None, rows, clusters, kind)
            source = data.make(LAYOUTS[0])
            h5py_read(source, directory)
            ours, reading = [], []
            for _ in range(chosen.runs):
                ours.append(build(binary, source, directory, chosen.options))
                reading.append(h5py_read(source, directory))
            ratio = median(ours) / median(reading)
            size = sum(file.stat().st_size for file in (directory / "bench.logitree").iterdir()) / (4 * rows * clusters)
            print(f"{f'{rows:,} × {clusters}, {kind}':38}  {median(ours):8.3f} s  {peak(ours) / 2**20:4.0f} MiB  "
                  f"{median(reading):7.3f} s  {ratio:6.2f}  {met(ratio, 3)}  {met(ratio, aim)}  {size:7.1%}  {met(size, 0.1)}"
                  f"  {ours[0].summary['passes']:6}", flush=True)
            if not chosen.keep:
                data.remove(LAYOUTS[0])


def mean_passes(binary, directory, chosen):
    """The score under which one large group takes in cluster after cluster."""
    data = Data(directory, None, 25_000, 1000, REPEATED)
    # As the real ones are.
    float16 = next(layout for layout in LAYOUTS if layout.name == "float16")
    ran = build(binary, data.make(float16), directory, ["--score", "mean", *chosen.options])
    print(f"\n--score mean, {data.rows:,} × {data.clusters:,} float16, {REPEATED}: {ran.summary['passes']} passes, at most "
          f"{met(ran.summary['passes'], 10)}, {ran.seconds:.1f} s")
    if not chosen.keep:
        data.remove(float16)


def costs(binary, directory, chosen):
    """How the time of a build grows: the slope of its logarithm, by least squares, where a size is changed alone."""
    import numpy as np

    part = 1 if chosen.full else 8

    def times(sizes, options=()):
        found = []
        for rows, clusters in sizes:
            data = Data(directory, None, rows, clusters, "directions")
            source = data.make(LAYOUTS[0])
            ran = [build(binary, source, directory, [*options, *chosen.options]) for _ in range(chosen.runs)]
            found.append((median(ran), peak(ran)))
            data.remove(LAYOUTS[0])
        return found

    print("\nHow the time of a build grows\n")
    sizes = [(rows // part, 1000) for rows in (160_000, 320_000, 640_000, 1_280_000)]
    found = times(sizes)
    slope = np.polyfit(np.log([rows for rows, _ in sizes]), np.log([seconds for seconds, _ in found]), 1)[0]
    print(f"with N, 1000 clusters: {', '.join(f'{rows:,}: {s:.2f} s, {p >> 20} MiB' for (rows, _), (s, p) in zip(sizes, found))}; "
          f"as N^{slope:.2f}", flush=True)
    sizes = [(320_000_000 // part // clusters, clusters) for clusters in (10, 100, 1000, 4000, 16_000)]
    found = times(sizes)
    print("with K, 1.3 GB by it: " if part == 1 else "with K, 160 MB by it: ", end="")
    print(", ".join(f"{k:,}: {s * part / 1.28:.2f} s a GB" for (_, k), (s, _) in zip(sizes, found))
          + f"; most by that of 1000: {max(s for s, _ in found) / found[2][0]:.2f}", flush=True)
    for threads in (1, 2):
        found = times([(640_000 // part, 1000)], ["--threads", str(threads)])
        print(f"with {threads} thread{'s' * (threads > 1)}: {found[0][0]:.2f} s", flush=True)


def many_clusters(binary, directory, chosen):
    """Passes over rows of very many clusters beside those over as many bytes of 1000, by turns, and the merge loop."""
    sizes = [(21_841, 200_000), (151_936, 20_000)]  # ImageNet-21k, and a language model's vocabulary
    part = 1 if chosen.full else 400 if chosen.quick else 4
    print("\nVery many clusters, float16: what passes take for a GB that they read, beside 1000 clusters\n")
    print(f"{'':28}  {'sketches':>8}  {'1000':>8}  {'ratio':>6}  {'at most':8}  {'none':>8}  {'1000':>8}  {'ratio':>6}"
          f"  {'at most':8}  {'merge loop':>11}  {'':2}  {'memory':>8}")
    for clusters, rows in sizes:
        sides = [(clusters, rows // part), (1000, clusters * rows // part // 1000)]
        files = [directory / f"{rows}x{clusters}-float16.h5" for clusters, rows in sides]
        for path, (clusters, rows) in zip(files, sides):
            make_logits(path, rows, clusters, "--type", "float16")
        columns, peaks = [], []
        for width in (0, 32):  # the store with sketches stays, for the merge loop
            seconds = [[], []]
            for _ in range(chosen.runs):
                for path, (clusters, rows), taken in zip(reversed(files), reversed(sides), reversed(seconds)):
                    ran = build(binary, path, directory, ["--sketch-width", str(width), *chosen.options])
                    taken.append(ran.seconds_a_gigabyte(2 * clusters))
                peaks.append(ran.peak)
            many, few = map(statistics.median, seconds)
            columns.insert(0, f"{many:6.3f} s  {few:6.3f} s  {many / few:6.2f}  {met(many / few, PASS_BOUND)}")
        merging = Measured([binary, "update", directory / "bench.logitree", "--quiet", *chosen.options], directory)
        mark = "✓" if merging.seconds <= MERGE_LOOP_BOUND else "✗"
        print(f"{f'{sides[0][1]:,} × {sides[0][0]:,}':28}  {'  '.join(columns)}  {merging.seconds:9.2f} s  {mark:2}  "
              f"{max(peaks) / 2**20:4.0f} MiB", flush=True)
        for path in files:
            path.unlink()


def constants(binary, directory, chosen):
    """What the model in docs/scale.md is made of, from the steps of a shared build."""
    rows, clusters = (20_000, 100) if chosen.quick else (400_000, 1000)
    source, store, shards = directory / "constants.h5", directory / "constants.logitree", directory / "shards"
    make_logits(source, rows, clusters, "--type", "float16")
    speeds, loops = [], []
    for _ in range(chosen.runs):
        for made in (store, shards):
            shutil.rmtree(made, ignore_errors=True)
        scan = Measured([binary, "scan", source, "--shard", "1/1", "-o", shards, *chosen.options], directory)
        speeds.append(pass_speed(scan, "pass 1, scan") / 2)
        combine = [binary, "combine", shards, "-o", store, "--quiet", "--json", *chosen.options]
        combined, rounds = Measured(combine, directory), 0
        while "pending_groups" in json.loads(combined.output):
            rounds += 1
            Measured([binary, "sweep", store, "--shard", "1/1", "-o", shards, "--quiet", *chosen.options], directory)
            combined = Measured(combine, directory)
        # The last one: those before it read a few rows, too.
        loops.append(combined.seconds)
    read, swept = sketches_and_rows(json.loads(Measured([binary, "export", store, "--format", "json"], directory).output))
    make_logits(source, 100, 10)
    least = build(binary, source, directory, chosen.options).peak
    cores = os.cpu_count()
    speed, loop = statistics.median(speeds), statistics.median(loops)
    print(f"\nThe constants of docs/scale.md, from {rows:,} × {clusters:,} float16 on {cores} cores\n")
    for name, value, meaning in [
        ("CORE", f"{speed / cores:.2g}", "logits a second that a core scans"),
        ("BOUNDS", f"{read / loop / cores:.2g}", "sketches a second that a core takes bounds of, the whole of combine counted"),
        ("REVISITS", f"{read / rows:.2f}", "how often the merge loop reads a sketch"),
        ("SWEPT", f"{swept / rows:.2f}", "the part of the rows that a sweep reads"),
        ("ROUNDS", f"{rounds}", "of sweeping"),
        ("PROGRAM", f"{least >> 20} << 20", "bytes"),
    ]:
        print(f"{name:8}  {value:>8}  {meaning}")


def sketches_and_rows(hierarchy):
    """How many sketches the merge loop reads, and how many rows are in groups that needed exact evidence."""
    samples = {cluster["id"]: cluster["samples"] for cluster in hierarchy["clusters"]}
    clusters, exact = len(samples), {}
    read = 0
    for merge in hierarchy["merges"]:
        lowest, partner, node = merge["lowest"], merge["partner"], merge["node"]
        samples[node] = merge["samples"]
        # What scans know exactly, single clusters, needs neither.
        if lowest >= clusters:
            read += samples[lowest]
            if merge["evidence"] == "exact":
                exact[lowest] = samples[lowest]
        # Rows of the groups below count in those above, too, but are read once.
        exact[node] = exact.pop(lowest, 0) + exact.pop(partner, 0)
    return read, sum(exact.values())
