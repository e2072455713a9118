"""Reads OME-Zarr stores with zarr-python, tensorstore, ome-zarr and ome-zarr-models, and compares them
with arrays that the library read.

    check_ome_zarr.py MANIFEST.json

The manifest is a list of {"name", "store", "version", "images": [{"path", "reference", "axes",
"storedLevels", "labels": {NAME: reference}}]}; references are .npy files. Prints a line for each
mismatch and at last the number of stores.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import tensorstore
import zarr

warnings.simplefilter("ignore")
failures = []


def fail(name, text):
    failures.append(name)
    print(f"{name}: {text}")


def as_tczyx(array, axes):
    """An array of the library with axes t, c, z, y, x; other loops are unrolled into t."""
    order, shape = [], []
    for letters in ("loops", "CS", "Z", "Y", "X"):
        places = [
            i
            for i, axis in enumerate(axes)
            if (axis in letters if letters != "loops" else axis not in "CSZYX")
        ]
        order += places
        shape.append(int(np.prod([array.shape[i] for i in places], dtype=int)))
    return array.transpose(order).reshape(shape)


def halved(array, is_label):
    """The level below, as the library makes it."""
    y, x = array.shape[-2:]
    rows = [np.arange(max(y // 2, 1)) * 2, np.minimum(np.arange(max(y // 2, 1)) * 2 + 1, y - 1)]
    columns = [np.arange(max(x // 2, 1)) * 2, np.minimum(np.arange(max(x // 2, 1)) * 2 + 1, x - 1)]
    parts = [array[..., r[:, None], c[None, :]] for r in rows for c in columns]
    if is_label:
        a, b, c, d = parts
        rest = np.where((b == c) | (b == d), b, np.where(c == d, c, a))
        return np.where((a == b) | (a == c) | (a == d), a, rest)
    if array.dtype.kind == "f":
        a, b, c, d = parts
        return (a + b + c + d) / array.dtype.type(4)
    total = sum(p.astype(np.int64) for p in parts)
    return (np.sign(total) * (np.abs(total) // 4)).astype(array.dtype)


def multiscales(group, version):
    attributes = dict(group.attrs)
    if version == "0.5":
        assert attributes["ome"]["version"] == "0.5"
        return attributes["ome"]["multiscales"][0]
    assert attributes["multiscales"][0]["version"] == "0.4"
    return attributes["multiscales"][0]


def with_tensorstore(path, version):
    spec = {
        "driver": "zarr3" if version == "0.5" else "zarr",
        "kvstore": {"driver": "file", "path": str(path)},
    }
    return tensorstore.open(spec, read=True).result().read().result()


def check_pyramid(name, folder, version, reference, axes, stored=(), is_label=False):
    group = zarr.open_group(folder, mode="r")
    scales = multiscales(group, version)
    names = [axis["name"] for axis in scales["axes"]]
    expected = as_tczyx(reference, axes)
    previous = None
    for number, dataset in enumerate(scales["datasets"]):
        array = group[dataset["path"]]
        values = array[...]
        if len(names) != values.ndim:
            fail(name, f"{len(names)} axes are described, the array has {values.ndim}")
            return
        if version == "0.5" and tuple(array.metadata.dimension_names) != tuple(names):
            fail(name, "dimension names differ from axes")
        if number == 0:
            if values.dtype != reference.dtype:
                fail(name, f"type {values.dtype} instead of {reference.dtype}")
            if values.size != expected.size or not np.array_equal(
                values.ravel(), expected.ravel(), equal_nan=values.dtype.kind == "f"
            ):
                fail(name, f"pixels differ: {values.shape} and {expected.shape}")
            sizes = dict(zip("tczyx", expected.shape))
            if tuple(sizes[n] for n in names) != values.shape:
                fail(name, f"shape {values.shape} with axes {names} instead of {sizes}")
        elif number not in stored and previous is not None:
            below = halved(previous, is_label)
            if below.shape != values.shape or not np.array_equal(below, values, equal_nan=values.dtype.kind == "f"):
                fail(name, f"level {number} is not level {number - 1} halved")
        other = with_tensorstore(Path(folder) / dataset["path"], version)
        if not np.array_equal(other, values, equal_nan=values.dtype.kind == "f"):
            fail(name, f"tensorstore reads level {number} differently")
        previous = values
    return scales


def check_store(entry):
    import ome_zarr.io
    import ome_zarr.reader
    import ome_zarr_models
    import ome_zarr_models.v04.bioformats2raw
    import ome_zarr_models.v05.bioformats2raw

    name, store, version = entry["name"], entry["store"], entry["version"]
    root = zarr.open_group(store, mode="r")
    attributes = dict(root.attrs)
    attributes = attributes.get("ome", attributes)
    is_series = "multiscales" not in attributes and "plate" not in attributes
    try:
        if is_series:
            models = ome_zarr_models.v05 if version == "0.5" else ome_zarr_models.v04
            models.bioformats2raw.BioFormats2Raw.from_zarr(root)
        else:
            ome_zarr_models.open_ome_zarr(root, version=version)
    except Exception as error:
        fail(name, f"ome-zarr-models: {str(error)[:600]}")
    # The reader of ome-zarr knows no list of series.
    if not is_series and not list(ome_zarr.reader.Reader(ome_zarr.io.parse_url(store))()):
        fail(name, "ome-zarr finds no image")
    for image in entry["images"]:
        folder = str(Path(store) / image["path"])
        where = f"{name}/{image['path']}"
        check_pyramid(
            where, folder, version, np.load(image["reference"]), image["axes"],
            image.get("storedLevels", ()),
        )
        try:
            ome_zarr_models.open_ome_zarr(zarr.open_group(folder, mode="r"), version=version)
        except Exception as error:
            fail(where, f"ome-zarr-models: {str(error)[:600]}")
        if len(list(ome_zarr.reader.Reader(ome_zarr.io.parse_url(folder))())[0].data) == 0:
            fail(where, "ome-zarr finds no levels")
        labels = image.get("labels", {})
        if labels:
            listed = dict(zarr.open_group(folder + "/labels", mode="r").attrs)
            listed = listed["ome"]["labels"] if version == "0.5" else listed["labels"]
            if sorted(listed) != sorted(labels):
                fail(where, f"labels {listed} instead of {sorted(labels)}")
        for label, reference in labels.items():
            check_pyramid(
                f"{where}/labels/{label}", f"{folder}/labels/{label}", version,
                np.load(reference["reference"]), reference["axes"], is_label=True,
            )
            group = zarr.open_group(f"{folder}/labels/{label}", mode="r")
            try:
                ome_zarr_models.open_ome_zarr(group, version=version)
            except Exception as error:
                fail(f"{where}/labels/{label}", f"ome-zarr-models: {str(error)[:600]}")


entries = json.loads(Path(sys.argv[1]).read_text())
for entry in entries:
    try:
        check_store(entry)
    except Exception as error:
        fail(entry["name"], f"{type(error).__name__}: {str(error)[:600]}")
print(f"{len(entries)} stores, {len(failures)} mismatches")
sys.exit(1 if failures else 0)
