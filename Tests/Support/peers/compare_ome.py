"""Compares OME-XML documents with what the Python package nd2 says of the same files.

compare_ome.py ND2 XML [ND2 XML ...]     prints differences that have no reason; the exit status is
                                         1 when there are any
--all                                    prints those that have one, too
"""

import logging
import math
import sys
import warnings
from collections import Counter

import nd2
import ome_types

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def same(a, b) -> bool:
    if isinstance(a, float) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=2e-6)
    return a == b


def fields(obj, names):
    for name in names.split():
        value = getattr(obj, name)
        yield name, getattr(value, "value", value)


PIXELS = (
    "dimension_order type significant_bits size_x size_y size_z size_c size_t "
    "physical_size_x physical_size_y physical_size_z"
)
CHANNEL = (
    "name acquisition_mode contrast_method illumination_type pinhole_size samples_per_pixel "
    "emission_wavelength excitation_wavelength"
)
PLANE = "the_z the_t the_c exposure_time delta_t position_x position_y position_z"


def reason(where: str, theirs, ours, f, missing: bool) -> str | None:
    """Why a difference is wanted; None when it is not."""
    flags = {x for c in f.metadata.channels or () for x in c.microscope.modalityFlags}
    rgb = f.sizes.get("S", 1) > 1
    mixed = len({c.volume.componentCount for c in f.metadata.channels or ()}) > 1
    layout = mixed or f.attributes.componentCount != len(f.metadata.channels or ()) * (3 if rgb else 1)
    single = f.sizes.get("P", 1) == 1
    if where == "image.name" and single:
        return "the only image has the file's name"
    if where == "pixels.size_c" and rgb:
        return "the sum of the samples"
    if where == "pixels.type":
        return "signed and unsigned 32-bit numbers are told apart"
    if where.startswith("pixels.physical_size") and theirs == 1.0 and ours is None:
        return "not calibrated"
    if where == "pixels.physical_size_z" and theirs is None:
        return "a stack of one plane has a step, too"
    if where == "pixels.dimension_order" and (rgb or layout):
        return "axes without samples"
    if where in ("channel.emission_wavelength", "channel.excitation_wavelength"):
        return "the rule of the vendor's library"
    if where == "channel.contrast_method" and ours in ("Phase", "DIC"):
        return "phase and interference come with bright field"
    if where in ("channel.acquisition_mode", "channel.illumination_type") and flags & {
        "multiphoton",
        "spectral",
        "SIM",
        "TIRF",
    }:
        return "what is special goes first"
    if where == "plane.position_z" and f.sizes.get("Z", 1) > 1:
        return "the height of the plane"
    if where == "plane.exposure_time" and theirs is None:
        return "from the camera's settings"
    if where == "planes" and layout:
        return "a channel for each component"
    if where == "planes" and "U" in f.sizes:
        return "user loops are time points"
    if where == "planes" and missing:
        return "frames that are not stored have no plane"
    if layout and where.startswith(("channel", "pixels.size_c")):
        return "a channel for each component"
    if where in ("pixels.size_t", "pixels.dimension_order") and "U" in f.sizes:
        return "user loops are time points"
    if where == "detectors" and not theirs and f.version < (3, 0):
        return "old files keep the camera with the channel"
    if where == "acquisition_date" and theirs is None:
        return "also from the text"
    return None


def compare(path: str, xml: str, found: Counter) -> list[str]:
    try:
        f = nd2.ND2File(path)
    except Exception as error:
        found[f"nd2 cannot open it: {type(error).__name__}"] += 1
        return []
    with f:
        ours = ome_types.from_xml(xml, parser="lxml", validate=False)
        try:
            theirs = f.ome_metadata(include_unstructured=False)
        except Exception as error:
            found[f"nd2 has no answer: {type(error).__name__}"] += 1
            return []
        count = math.prod(n for a, n in f.sizes.items() if a not in "CYXS")
        stored = {
            int(n.split(b"|")[1].rstrip(b"!"))
            for n in f._rdr.chunkmap
            if n.startswith(b"ImageDataSeq|")
        }
        missing = any(i not in stored for i in range(count))
        problems = []

        def check(where, a, b):
            if same(a, b):
                found["same"] += 1
                return
            why = reason(where, a, b, f, missing)
            found[f"{where}: {why}" if why else "unexplained"] += 1
            if not why:
                problems.append(f"{path}: {where}: nd2 {a!r}, here {b!r}")

        check("images", len(theirs.images), len(ours.images))
        for a, b in zip(theirs.images, ours.images):
            check("image.name", a.name, b.name)
            if a.acquisition_date is None or b.acquisition_date is None:
                check("acquisition_date", a.acquisition_date, b.acquisition_date)
            else:
                gap = abs(a.acquisition_date.timestamp() - b.acquisition_date.timestamp())
                check("acquisition_date", gap < 0.001, True)
            for (name, x), (_, y) in zip(fields(a.pixels, PIXELS), fields(b.pixels, PIXELS)):
                check(f"pixels.{name}", x, y)
            check("channels", len(a.pixels.channels), len(b.pixels.channels))
            for p, q in zip(a.pixels.channels, b.pixels.channels):
                for (name, x), (_, y) in zip(fields(p, CHANNEL), fields(q, CHANNEL)):
                    check(f"channel.{name}", x, y)
                if p.color is not None and f.sizes.get("S", 1) == 1:
                    check("channel.color", p.color.as_int32(), q.color and q.color.as_int32())
            key = lambda plane: (plane.the_t, plane.the_z, plane.the_c)
            first = {key(x): x for x in a.pixels.planes}
            second = {key(x): x for x in b.pixels.planes}
            check("planes", sorted(first), sorted(second))
            for k in first.keys() & second.keys():
                if f.sizes.get("U", 1) > 1:
                    continue
                for (name, x), (_, y) in zip(fields(first[k], PLANE), fields(second[k], PLANE)):
                    check(f"plane.{name}", x, y)
        a, b = theirs.instruments[0], ours.instruments[0]
        names = lambda i: sorted((d.model or "", d.serial_number or "") for d in i.detectors)
        known = lambda n: [x for x in n if any(c.isalnum() for c in "".join(x)) and "N/A" not in x]
        check("detectors", known(names(a)), names(b))
        for p, q in zip(a.objectives, b.objectives):
            for (name, x), (_, y) in zip(
                fields(p, "nominal_magnification lens_na model"),
                fields(q, "nominal_magnification lens_na model"),
            ):
                if x is not None:
                    check(f"objective.{name}", x, y)
        return problems


def main(words: list[str]) -> int:
    everything = "--all" in words
    words = [w for w in words if w != "--all"]
    found: Counter = Counter()
    problems = []
    for path, xml in zip(words[::2], words[1::2]):
        problems += compare(path, xml, found)
    print("\n".join(problems))
    if everything:
        for what, count in sorted(found.items()):
            print(f"{count:8d}  {what}")
    print(f"{len(words) // 2} files, {found['same']} fields alike, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
