"""Reads TIFF files by tifffile and compares their pixels with those that a list names.

check_tiff.py LIST    prints what is wrong; the exit status is 1 when anything is

A line of the list has, between tabs: the kind of the file (ome, imagej, plain), the file, the number
of the series, files with its pixels (dense, T Z C Y X S), their type, their shape between commas,
the number of series in all, the number of levels, and the name of the compression.
"""

import io
import sys
from pathlib import Path

import numpy as np
import ome_types
import tifffile
from lxml import etree

AXES = "TZCYXS"


def canonical(data: np.ndarray, axes: str) -> np.ndarray:
    for letter in AXES:
        if letter not in axes:
            data = data[..., np.newaxis]
            axes += letter
    return np.transpose(data, [axes.index(letter) for letter in AXES])


def halved(plane: np.ndarray) -> np.ndarray:
    height, width = plane.shape[3] // 2 * 2, plane.shape[4] // 2 * 2
    wide = np.int64 if plane.dtype.kind in "iu" else np.float64
    part = plane[:, :, :, :height, :width].astype(wide)
    total = part[:, :, :, ::2, ::2] + part[:, :, :, 1::2, ::2]
    total = total + part[:, :, :, ::2, 1::2] + part[:, :, :, 1::2, 1::2]
    # The sign is that of the sum: whole numbers are cut off towards zero.
    return (np.trunc(total / 4) if wide is np.int64 else total / 4).astype(plane.dtype)


def check(line: str, schema: etree.XMLSchema) -> list[str]:
    kind, path, series, pixels, dtype, shape, count, levels, compression = line.split("\t")
    problems = []
    expected = np.fromfile(pixels, dtype).reshape([int(n) for n in shape.split(",")])
    with tifffile.TiffFile(path) as file:
        if kind == "ome":
            if not file.is_ome:
                problems.append("no OME-TIFF")
            document = etree.parse(io.BytesIO(file.pages[0].description.encode()))
            if not schema.validate(document):
                problems += [error.message for error in list(schema.error_log)[:3]]
        if kind == "imagej" and not file.is_imagej:
            problems.append("no hyperstack")
        if kind == "plain" and (file.is_imagej or file.is_ome):
            problems.append("not plain")
        if kind == "plain":
            data = np.stack([page.asarray() for page in file.pages]).reshape(expected.shape)
            return problems + ([] if np.array_equal(data, expected) else ["other pixels"])
        if len(file.series) != int(count):
            problems.append(f"{len(file.series)} series instead of {count}")
        found = file.series[int(series)]
        if file.pages[0].compression.name != compression:
            problems.append(f"compression {file.pages[0].compression.name}")
        data = canonical(found.asarray(), found.axes)
        if data.shape != expected.shape:
            problems.append(f"shape {data.shape} {found.axes} instead of {expected.shape}")
        elif data.dtype != expected.dtype:
            problems.append(f"type {data.dtype} instead of {expected.dtype}")
        elif not np.array_equal(data, expected):
            problems.append("other pixels")
        if len(found.levels) != int(levels):
            problems.append(f"{len(found.levels)} levels instead of {levels}")
        for level in found.levels[1:]:
            data = halved(data)
            reduced = canonical(level.asarray(), level.axes)
            if reduced.shape != data.shape:
                problems.append(f"level of shape {reduced.shape} instead of {data.shape}")
                break
            if data.dtype.kind == "f" and not np.allclose(reduced, data, rtol=1e-5):
                problems.append("other pixels in a level of floats")
            if data.dtype.kind != "f" and not np.array_equal(reduced, data):
                problems.append(f"other pixels in a level of {data.shape}")
            data = reduced
    return problems


def main(name: str) -> int:
    folder = Path(ome_types.__file__).parent
    schema = etree.XMLSchema(etree.parse(str(folder / "ome-2016-06.xsd")))
    failures = 0
    lines = Path(name).read_text().splitlines()
    for line in lines:
        try:
            problems = check(line, schema)
        except Exception as error:
            problems = [f"{type(error).__name__}: {error}"]
        failures += bool(problems)
        for problem in problems:
            print(f"{line.split(chr(9))[1]}: {problem}")
    print(f"{len(lines)} series, {failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
