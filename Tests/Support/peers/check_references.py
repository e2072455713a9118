"""Reads files through virtual Zarr references with zarr-python, dask and xarray, and compares them with
arrays that the library read.

    check_references.py MANIFEST.json

The manifest is a list of {"name", "file", "references", "template", "array", "axes", "components",
"damaged", "positionAxis"}; arrays are .npy files. References with a template are read over HTTP from a server
that this script runs on loopback. Prints a line for each mismatch and at last the number of files.
"""

import json
import os
import re
import sys
import threading
import urllib.parse
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dask.array
import fsspec
import numpy as np
import xarray
import zarr

warnings.simplefilter("ignore")
failures = []
served = {}


class Server(BaseHTTPRequestHandler):
    """Answers requests of byte ranges."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, has_body):
        path = served.get(urllib.parse.unquote(self.path))
        if path is None:
            self.send_error(404)
            return
        size = os.path.getsize(path)
        low, high, status = 0, size - 1, 200
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            status, low = 206, int(wanted[1])
            high = min(high, int(wanted[2] or high))
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(high - low + 1))
        if status == 206:
            self.send_header("Content-Range", f"bytes {low}-{high}/{size}")
        self.end_headers()
        if has_body:
            with open(path, "rb") as file:
                file.seek(low)
                self.wfile.write(file.read(high - low + 1))


def expected(entry):
    """The array with axes P, T, others, Z, Y, X, components, the letters of its axes, and places of
    frames that are damaged: references leave them out, the library reads what there is."""
    array, axes = np.load(entry["array"]), entry["axes"]
    for letter in "CS":
        if letter not in axes:
            array, axes = array[..., None], axes + letter
    components = entry["components"]
    outer = [a for a in "PT" if a in axes]
    outer += [a for a in axes if a not in "PTZCYXS"]
    outer += [a for a in "Z" if a in axes]
    array = array.transpose([axes.index(a) for a in [*outer, "Y", "X", "C", "S"]])
    count = sum(len(samples) for samples in components)
    result = np.empty((*array.shape[:-2], count), array.dtype)
    for plane, samples in enumerate(components):
        for sample, component in enumerate(samples):
            result[..., component] = array[..., plane, sample]
    damaged = [tuple(place.get(a, 0) for a in outer) for place in entry["damaged"]]
    for place in damaged:
        result[place] = 0
    if count == 1:
        return result[..., 0], [*outer, "Y", "X"], damaged
    return result, [*outer, "Y", "X", "C"], damaged


def store(references, **options):
    system = fsspec.filesystem("reference", fo=references, asynchronous=True, **options)
    return zarr.storage.FsspecStore(system, read_only=True)


def compare(name, what, array, truth, damaged):
    for place in damaged:
        array[place] = 0
    if array.shape != truth.shape:
        failures.append(name)
        print(f"{name}: {what} has the shape {array.shape} instead of {truth.shape}")
    elif array.dtype != truth.dtype:
        failures.append(name)
        print(f"{name}: {what} has the type {array.dtype} instead of {truth.dtype}")
    elif not np.array_equal(array, truth, equal_nan=truth.dtype.kind == "f"):
        failures.append(name)
        print(f"{name}: {what} has other pixels")


def check_image(name, attributes):
    from ome_zarr_models.v04.image import ImageAttrs

    ImageAttrs.model_validate(dict(attributes))
    assert attributes["multiscales"][0]["datasets"][0]["path"] == "0"


def check(entry, base):
    name = entry["name"]
    truth, axes, damaged = expected(entry)
    parts = {"": (truth, damaged)}
    if not entry["positionAxis"] and "P" in axes:
        axes.remove("P")
        parts = {
            f"{i}/": (part, [place[1:] for place in damaged if place[0] == i])
            for i, part in enumerate(truth)
        }
    local = store(entry["references"])
    group = zarr.open_group(local, mode="r", zarr_format=2)
    with open(entry["references"]) as file:
        gaps = json.loads(json.load(file)["refs"][next(iter(parts)) + "0/.zarray"])
    for path, (part, damaged) in parts.items():
        array = group[path + "0"]
        compare(name, path + "zarr", array[...], part, damaged)
        dims = array.attrs["_ARRAY_DIMENSIONS"]
        if dims != axes:
            failures.append(name)
            print(f"{name}: the axes are {dims} instead of {axes}")
        if axes[-1] == "C" and len(array.attrs["channel_names"]) != part.shape[-1]:
            failures.append(name)
            print(f"{name}: not every component has a name")
        attributes = group[path].attrs if path else group.attrs
        if "multiscales" in attributes:
            check_image(name, attributes)
        elif "no_multiscales" not in attributes["nd2"]:
            failures.append(name)
            print(f"{name}: neither an image of OME-NGFF nor a reason")
    path, (part, damaged) = list(parts.items())[-1]
    if len(list(group[path].arrays() if path else group.arrays())) != 1:
        failures.append(name)
        print(f"{name}: the group does not have one array")
    compare(name, "dask", dask.array.from_zarr(group[path + "0"]).compute(), part, damaged)
    # Pixels of the fill value would be taken for missing ones.
    masked = gaps["fill_value"] is not None
    data = xarray.open_dataset(
        local, engine="zarr", group=path.strip("/") or None, chunks={}, mask_and_scale=not masked
    )
    compare(name, "xarray", data["0"].values, part, damaged)
    if list(data["0"].dims) != axes:
        failures.append(name)
        print(f"{name}: xarray's axes are {data['0'].dims} instead of {axes}")
    if entry["template"]:
        address = f"/{len(served)}/{os.path.basename(entry['file'])}"
        served[address] = entry["file"]
        remote = store(
            entry["template"], remote_protocol="http", remote_options={"asynchronous": True},
            template_overrides={"u": base + urllib.parse.quote(address)},
        )
        array = zarr.open_array(remote, path=path + "0", mode="r")
        compare(name, "zarr over HTTP", array[...], part, damaged)


def main():
    with open(sys.argv[1]) as file:
        entries = json.load(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    for entry in entries:
        try:
            check(entry, base)
        except Exception as error:
            failures.append(entry["name"])
            print(f"{entry['name']}: {type(error).__name__}: {error}")
    print(f"{len(entries)} files, {len(failures)} mismatches")
    server.shutdown()
    sys.exit(1 if failures else 0)


main()
