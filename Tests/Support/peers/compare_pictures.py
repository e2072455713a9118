"""Reads pictures with other programs and compares them with the raw samples beside them.

Arguments: files called NAME.png or NAME.tif, each with NAME.raw beside it (little-endian samples),
and animation.png. A program that is not installed is left out.
"""

import sys
from pathlib import Path

import numpy as np


def raw(path):
    kind = path.stem
    data = np.frombuffer(path.with_suffix(".raw").read_bytes(), "<u2" if "16" in kind else "u1")
    return data.reshape((-1, 37, 3) if "rgb" in kind else (-1, 37))


def check(condition, *message):
    if not condition:
        print(*message)
        sys.exit(1)


def main():
    paths = [Path(name) for name in sys.argv[1:]]
    try:
        import tifffile
    except ImportError:
        tifffile = None
    try:
        import imagecodecs
    except ImportError:
        imagecodecs = None
    try:
        from PIL import Image
    except ImportError:
        Image = None
    compared = 0
    for path in paths:
        if path.stem == "animation":
            if Image is not None:
                with Image.open(path) as image:
                    check(image.n_frames == 4, "frames", image.n_frames)
                    check(image.info.get("loop") == 2, "loop", image.info)
                    image.seek(3)
                    image.load()
                    check(image.info.get("duration") == 120, "duration", image.info)
                compared += 1
            continue
        truth = raw(path)
        if path.suffix == ".tif" and tifffile is not None:
            with tifffile.TiffFile(path) as file:
                page = file.pages[0]
                check(np.array_equal(page.asarray(), truth), "tifffile", path)
                x = page.tags["XResolution"].value
                y = page.tags["YResolution"].value
                check(x[0] / x[1] == 20000 and y[0] / y[1] == 40000, "resolution", x, y)
                check(page.tags["ResolutionUnit"].value == 3, "unit")
            compared += 1
        if path.suffix == ".png" and imagecodecs is not None:
            check(
                np.array_equal(imagecodecs.png_decode(path.read_bytes()), truth), "libpng", path
            )
            compared += 1
        # Pillow has no colour pictures of 16 bits.
        if Image is not None and path.stem != "rgb16":
            with Image.open(path) as image:
                check(np.array_equal(np.asarray(image), truth), "pillow", path)
            compared += 1
    print(compared, "comparisons")


main()
