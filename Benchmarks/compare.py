"""Measures nd2-bench and Python nd2 side by side and prints a table of medians and ratios.

    Benchmarks/run [--quick]

The two take turns round by round, so that a machine whose speed drifts is fair to both.
"""

import argparse
import os
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
    parser.add_argument("--folder", default="/tmp/nd2-benchmarks", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    big = 16 if options.quick else 240
    rounds = 3 if options.quick else 7

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
    many = sample(
        "many", "--width", 32, "--height", 32, "--channels", 1, "--slices", 1,
        "--times", 1000 if options.quick else 100_000,
    )
    bench = Bench()

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


if __name__ == "__main__":
    main()
