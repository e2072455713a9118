"""Holds documents to the OME schema 2016-06, as the package ome-types carries it.

validate_ome.py FILE...     prints what is wrong; the exit status is 1 when anything is
"""

import sys
from pathlib import Path

import ome_types
from lxml import etree


def main(names: list[str]) -> int:
    folder = Path(ome_types.__file__).parent
    schema = etree.XMLSchema(etree.parse(str(folder / "ome-2016-06.xsd")))
    parser = etree.XMLParser(huge_tree=True)
    failures = 0
    for name in names:
        try:
            tree = etree.parse(name, parser)
        except etree.XMLSyntaxError as error:
            print(f"{name}: not well-formed: {error}")
            failures += 1
            continue
        if not schema.validate(tree):
            failures += 1
            for error in list(schema.error_log)[:5]:
                print(f"{name}:{error.line}: {error.message}")
        try:
            ome_types.from_xml(name, parser="lxml", validate=False)
        except Exception as error:  # whatever the model refuses is a finding
            print(f"{name}: ome-types refuses it: {error}")
            failures += 1
    print(f"{len(names)} documents, {failures} refused")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
