"""Measures nd2-bench and Python nd2 side by side and prints a table of medians and ratios.

    Benchmarks/run [--quick]

The two take turns round by round, so that a machine whose speed drifts is fair to both.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import nd2
import numpy as np

HERE = Path(__file__).resolve().parent
BENCH = HERE / ".build/release/nd2-bench"
COMMAND = HERE.parent / ".build-release/release/nd2"


class Bench:
    """The Swift side: one process that is told what to do, line by line."""

    def __init__(self):
        self.process = subprocess.Popen(
            [BENCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, scenario, path):
        self.process.stdin.write(f"{scenario}\t{path}\t1\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline().split()[0])

    def second(self, scenario, path):
        """The second of two runs: memory that another scenario gave back is dear the first time."""
        self.run(scenario, path)
        return self.run(scenario, path)


def peer_open(path, _):
    with nd2.ND2File(path) as f:
        return f.shape, f.metadata, f.experiment, f.attributes, f.voxel_size(), f.text_info


def peer_read(path, _):
    with nd2.ND2File(path) as f:
        return np.ascontiguousarray(f.asarray())


def peer_crop(path, _):
    with nd2.ND2File(path) as f:
        y, x = f.attributes.heightPx // 2, f.attributes.widthPx // 2
        count = f.attributes.sequenceCount
        return np.stack(
            [
                np.ascontiguousarray(f.read_frame(i)[..., y - 128 : y + 128, x - 128 : x + 128])
                for i in range(count)
            ]
        )


def peer_project(path, _):
    with nd2.ND2File(path) as f:
        return f.to_dask().max(axis=list(f.sizes).index("Z")).compute()


def peer_excess(path, _):
    with nd2.ND2File(path) as f:
        stack, z = f.to_dask(), list(f.sizes).index("Z")
        return (stack - stack.mean(axis=z, keepdims=True)).max(axis=z).compute()


def peer_ratio(path, _):
    with nd2.ND2File(path) as f:
        stack = f.to_dask()
        return (stack[:, 0] / (stack[:, 1].astype("float32") + 1)).mean(axis=0).compute()


def peer_lazy(path, round_):
    with nd2.ND2File(path) as f:
        stack = f.to_dask()
        return stack[round_ * 7919 % stack.shape[0]].compute()


def peer_build(path, _):
    if path not in OPEN:
        OPEN[path] = nd2.ND2File(path)
    OPEN[path].to_dask()


OPEN = {}


def peer_frame(path, round_):
    f = OPEN.setdefault(path, nd2.ND2File(path))
    return np.ascontiguousarray(f.read_frame(round_ * 7919 % f.attributes.sequenceCount))


def timed(body, *arguments):
    start = time.perf_counter()
    body(*arguments)
    return time.perf_counter() - start


def process_time(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def both_times(command):
    """Time and processor time of a process, which may have several threads."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = process_time(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_memory(command):
    """The most memory that a process held, in MB.

    A small process starts it: Linux counts what the parent held before the new program began.
    """
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    output = subprocess.run(
        [sys.executable, "-c", script, *map(str, command)], check=True, stdout=subprocess.PIPE
    )
    return int(output.stdout) / (1024 if sys.platform == "linux" else 1 << 20)


def row(name, ours, other, what):
    a, b = statistics.median(ours), statistics.median(other)
    print(f"| {name} | {a * 1e3:.3f} ms | {b * 1e3:.3f} ms | {b / a:.2f} | {what} |", flush=True)


def warm(path):
    """Reads a file twice, so that its pages are in memory, the host's too."""
    for _ in range(2):
        with open(path, "rb", buffering=0) as f:
            while f.read(1 << 24):
                pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small files, few rounds")
    parser.add_argument("--lazy", action="store_true", help="lazy arrays only")
    parser.add_argument("--tiff", action="store_true", help="OME-TIFF only")
    parser.add_argument("--zarr", action="store_true", help="OME-Zarr only")
    parser.add_argument("--index", action="store_true", help="indexes of many files only")
    parser.add_argument("--folder", default="/tmp/nd2-benchmarks", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    big = 16 if options.quick else 240
    rounds = 3 if options.quick else 7

    if options.index:
        index_scenarios(options.folder, 3 if options.quick else 5)
        return

    def sample(name, *arguments):
        path = options.folder / f"{name}-{big}.nd2"
        if not path.exists():
            subprocess.run([COMMAND, "sample", path, *map(str, arguments)], check=True)
        return str(path)

    small = sample("small", "--width", 64, "--height", 64, "--times", 3, "--slices", 5)
    side = ("--width", 2048, "--height", 2048, "--slices", 1)
    one = sample("one", *side, "--channels", 1, "--times", big)
    two = sample("two", *side, "--channels", 2, "--times", big // 2)
    three = sample("three", *side, "--channels", 3, "--times", big // 3)
    four = sample("four", *side, "--channels", 4, "--times", big // 4)
    packed = sample("zlib", *side, "--channels", 2, "--times", 24, "--compressed")
    legacy = sample(
        "legacy", "--legacy", "--width", 1024, "--height", 1024, "--slices", 1, "--channels", 1,
        "--times", 20,
    )
    many = sample(
        "many", "--width", 32, "--height", 32, "--channels", 1, "--slices", 1,
        "--times", 1000 if options.quick else 100_000,
    )
    depth = 10 if options.quick else 100
    stack = sample("stack", *side[:4], "--slices", depth, "--channels", 1, "--times", 5)
    if options.tiff:
        tiff_scenarios(two, stack, options.folder, 2 if options.quick else 3)
        return
    if options.zarr:
        zarr_scenarios(two, stack, options.folder, 2 if options.quick else 3)
        return
    bench = Bench()
    if options.lazy:
        lazy_scenarios(bench, stack, two, many, rounds)
        return

    print("| scenario | ours | other | other / ours | other is |")
    print("| --- | --- | --- | --- | --- |")
    script = (
        "import nd2,sys\n"
        "with nd2.ND2File(sys.argv[1]) as f: print(f.sizes, f.metadata)"
    )
    ours = [process_time([COMMAND, "info", small]) for _ in range(15)]
    peers = [process_time([sys.executable, "-c", script, small]) for _ in range(5)]
    row("`nd2 info`, whole process", ours, peers, "python nd2: import, open, sizes, metadata")

    warm(many)
    real = HERE.parent.parent / "shared/samples/cluster.nd2"
    files = [("open, a real file (cluster.nd2)", str(real), 200)] if real.exists() else []
    for name, path, count in (*files, ("open, small file", small, 200), ("open, 100,000 frames", many, 40)):
        pairs = [(bench.run("open", path), timed(peer_open, path, 0)) for _ in range(count)]
        row(name, *zip(*pairs), "python nd2")

    for name, path in (("1", one), ("2", two), ("3", three), ("4", four)):
        ours, peers, limit, plain = [], [], [], []
        warm(path)
        for _ in range(rounds):
            ours.append(bench.second("read", path))
            limit.append(bench.second("limit", path))
            plain.append(bench.second("plain-limit", path))
        for _ in range(min(rounds, 3)):
            peers.append(timed(peer_read, path, 0))
        size = os.path.getsize(path) / 1e9
        label = f"whole array, {name} channel(s), {size:.1f} GB"
        row(label, ours, peers, "np.ascontiguousarray(asarray())")
        row(label, ours, limit, "bare reads into fresh huge pages")
        row(label, ours, plain, "bare reads into fresh ordinary pages")

    warm(packed)
    pairs = [(bench.run("read", packed), timed(peer_read, packed, 0)) for _ in range(3)]
    row("zlib frames, 2 channels", *zip(*pairs), "np.ascontiguousarray(asarray())")
    warm(legacy)
    pairs = [(bench.run("read", legacy), timed(peer_read, legacy, 0)) for _ in range(5)]
    row("JPEG 2000, 20 frames of 1024²", *zip(*pairs), "np.ascontiguousarray(asarray()), imagecodecs")
    warm(two)
    pairs = [(bench.run("crop", two), timed(peer_crop, two, 0)) for _ in range(rounds)]
    row("256² of every frame", *zip(*pairs), "slices of nd2's memory map")
    triples = [
        (bench.second("frame", two), bench.second("frame-limit", two), timed(peer_frame, two, r))
        for r in range(40)
    ]
    ours, limit, peers = zip(*triples)
    row("one frame at random", ours, peers, "np.ascontiguousarray(read_frame())")
    row("one frame at random", ours, limit, "bare read into fresh huge pages")

    lazy_scenarios(bench, stack, two, many, rounds)
    index_scenarios(options.folder, rounds)


def lazy_scenarios(bench, stack, two, many, rounds):
    warm(stack)
    size = os.path.getsize(stack) / 1e9
    name = f"max projection over z of {size:.1f} GB"
    ours = [bench.second("project", stack) for _ in range(rounds)]
    plain = [bench.second("read", stack) for _ in range(min(rounds, 3))]
    limit = [bench.second("limit", stack) for _ in range(min(rounds, 3))]
    timed(peer_project, stack, 0)
    peers = [timed(peer_project, stack, 0) for _ in range(min(rounds, 3))]
    row(name, ours, peers, 'to_dask().max("Z")')
    row(name, ours, plain, "our reading of the whole array")
    row(name, ours, limit, "bare reads into fresh huge pages")
    peer = "import sys; sys.path.insert(0, sys.argv[2]); from compare import peer_project as p; p(sys.argv[1], 0)"
    mine = peak_memory([BENCH, "project", stack, "1"])
    other = peak_memory([sys.executable, "-c", peer, stack, str(HERE)])
    print(f"| {name}, peak memory | {mine:.0f} MB | {other:.0f} MB | {other / mine:.1f} | dask |")
    ours = [bench.second("excess", stack) for _ in range(min(rounds, 3))]
    row("greatest difference to the mean over z", ours, [timed(peer_excess, stack, 0)], "dask")
    warm(two)
    ours = [bench.second("ratio", two) for _ in range(rounds)]
    peers = [timed(peer_ratio, two, 0) for _ in range(min(rounds, 3))]
    row("mean over time of the quotient of two channels", ours, peers, "dask")
    warm(many)
    ours = [bench.run("lazy-build", many) for _ in range(40)]
    peers = [timed(peer_build, many, 0) for _ in range(5)]
    row("lazy array over 100,000 frames", ours, peers, "to_dask()")
    ours = [bench.run("lazy", many) for _ in range(40)]
    peers = [timed(peer_lazy, many, r) for r in range(5)]
    row("one frame of that lazy array", ours, peers, "to_dask()[i].compute(), opening included")


def index_scenarios(folder, rounds):
    """Whole processes that list 1,000 small files, all columns of the peer, as JSON."""
    many = folder / "index"
    if not many.exists():
        part = folder / "index.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for kind in range(10):
            first = part / f"{kind}-000.nd2"
            loops = ("--times", 1 + kind % 4, "--slices", 1 + kind % 3, "--positions", 1 + kind % 2)
            side = ("--width", 32 + kind, "--height", 24, "--channels", 1 + kind % 3)
            subprocess.run([COMMAND, "sample", first, "-q", *map(str, (*side, *loops))], check=True)
            for number in range(1, 100):
                shutil.copyfile(first, part / f"{kind}-{number:03}.nd2")
        part.rename(many)
    ours = [COMMAND, "index", many, "-f", "json"]
    peer = [sys.executable, "-m", "nd2.index", many, "-f", "json"]

    def rows(command):
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        return sorted(json.loads(output), key=lambda row: row["path"])

    same = rows(ours) == rows(peer)
    what = "python -m nd2.index, " + ("equal rows" if same else "ROWS DIFFER")
    runs = [(both_times(ours), both_times(peer)) for _ in range(rounds)]
    for place, name in enumerate(("time", "processor time")):
        pairs = [(mine[place], other[place]) for mine, other in runs]
        row(f"`nd2 index` of 1,000 files, whole process, {name}", *zip(*pairs), what)
    mine, other = peak_memory(ours), peak_memory(peer)
    print(f"| the same, peak memory | {mine:.0f} MB | {other:.0f} MB | {other / mine:.1f} | |")


def tiff_scenarios(two, stack, folder, rounds):
    """Whole processes that write OME-TIFF, as it is and compressed."""
    target = folder / "out.ome.tif"
    nd2_script = "import nd2,sys; nd2.ND2File(sys.argv[1]).write_tiff(sys.argv[2])"
    tifffile_script = (
        "import nd2,os,sys,tifffile\n"
        "pixels = nd2.ND2File(sys.argv[1]).asarray()\n"
        "tifffile.imwrite(sys.argv[2], pixels, compression=sys.argv[3], predictor=True,\n"
        "    compressionargs={'level': int(sys.argv[4])}, maxworkers=os.cpu_count(),\n"
        "    photometric='minisblack', bigtiff=True, metadata={'axes': 'TCYX'}, ome=True)"
    )

    def once(command):
        target.unlink(missing_ok=True)
        # What the removed file held is free again only after a while.
        time.sleep(3)
        return process_time(command)

    print("| scenario | ours | other | other / ours | other is |")
    print("| --- | --- | --- | --- | --- |")
    for path in (two, stack):
        warm(path)
        times = [
            (
                once([COMMAND, "convert", path, target, "-q"]),
                once(["cp", path, target]),
                once([sys.executable, "-c", nd2_script, path, target]),
            )
            for _ in range(rounds)
        ]
        ours, copies, peers = zip(*times)
        size = os.path.getsize(path) / 1e9
        row(f"OME-TIFF of {size:.1f} GB, not compressed", ours, peers, "nd2's write_tiff")
        row(f"OME-TIFF of {size:.1f} GB, not compressed", ours, copies, "cp of the file")
    part = folder / "two-part.nd2"
    if not part.exists():
        subprocess.run([COMMAND, "subset", two, part, "--t", "0:30", "-q"], check=True)
    warm(part)
    for name, codec, level in (("deflate", "zlib", 6), ("zstd", "zstd", 3)):
        command = [COMMAND, "convert", part, target, "-q", "--compression", f"{name}:{level}"]
        peer = [sys.executable, "-c", tifffile_script, part, target, codec, str(level)]
        times, sizes = [], []
        for _ in range(rounds):
            mine, held = once(command), os.path.getsize(target)
            exact = once([*command, "--exact-level"])
            other = once(peer)
            times.append((mine, exact, other))
            sizes = held, os.path.getsize(target)
        ours, exacts, peers = zip(*times)
        larger = f"ours has {sizes[0] / sizes[1]:.3f} times as many bytes"
        size = os.path.getsize(part) / 1e9
        row(f"OME-TIFF of {size:.1f} GB, {name} {level}", ours, peers, f"tifffile, {larger}")
        row(f"the same, with --exact-level", exacts, peers, "tifffile")
    target.unlink(missing_ok=True)


def zarr_scenarios(two, stack, folder, rounds):
    """Whole processes that write OME-Zarr 0.5, both by the codec that the peer always uses."""
    target = folder / "out.ome.zarr"
    script = (
        "import nd2,sys\n"
        "with nd2.ND2File(sys.argv[1]) as f:\n"
        "    f.write_ome_zarr(sys.argv[2], chunk_shape=tuple(map(int, sys.argv[3].split(','))),\n"
        "        backend=sys.argv[4], include_all_metadata=False, include_labels=False)"
    )
    codec = ("--zarr-compression", "blosc-zstd", "--zarr-level", "3", "--zarr-shuffle", "shuffle")

    def once(command):
        shutil.rmtree(target, ignore_errors=True)
        seconds = process_time(command)
        shutil.rmtree(target, ignore_errors=True)
        return seconds

    print("| scenario | ours | other | other / ours | other is |")
    print("| --- | --- | --- | --- | --- |")
    for path, shape in ((two, "1,1,1024,1024"), (stack, "1,1,1024,1024")):
        warm(path)
        ours = [COMMAND, "convert", path, target, "-q", "--chunks", "y=1024,x=1024", *codec]
        plain = [*ours, "--shards", "none"]
        times = {name: [] for name in ("level", "shards", "pyramid", "zarr", "tensorstore")}
        for _ in range(rounds):
            times["level"].append(once([*plain, "--levels", "1"]))
            times["shards"].append(once([*ours, "--levels", "1"]))
            times["pyramid"].append(once(plain))
            for backend in ("zarr", "tensorstore"):
                peer = [sys.executable, "-c", script, path, target, shape, backend]
                times[backend].append(once(peer))
        size = os.path.getsize(path) / 1e9
        for name, title in (("level", "one level"), ("shards", "one level in shards"), ("pyramid", "all levels")):
            for backend in ("zarr", "tensorstore"):
                label = f"OME-Zarr of {size:.1f} GB, {title}"
                row(label, times[name], times[backend], f"nd2, one level, by {backend}")


if __name__ == "__main__":
    main()
