"""Compares the rows of an index with those of nd2.index of the Python package nd2.

compare_index.py ROWS.json FOLDER    prints differing columns, a file a line, as JSON

A line is a list of the name of the file and an object: column, then the two values (the peer's first).
The value of the key "peer fails" is its error. The last line says how many files are the same.
"""

import json
import sys
import warnings
from pathlib import Path

from nd2.index import HEADERS, index_file


def main(rows: str, folder: str) -> int:
    warnings.simplefilter("ignore")
    ours = {row["path"]: row for row in json.loads(Path(rows).read_text())}
    files = sorted(Path(folder).glob("*.nd2"))
    same = 0
    for path in files:
        row = ours.get(str(path.resolve()), {})
        try:
            peer = index_file(path)
        except Exception as error:
            print(json.dumps([path.name, {"peer fails": str(error)[:80]}]))
            continue
        wrong = {key: [peer[key], row.get(key)] for key in HEADERS if peer[key] != row.get(key)}
        if list(row) != HEADERS:
            wrong["columns"] = [HEADERS, list(row)]
        if wrong:
            print(json.dumps([path.name, wrong]))
        else:
            same += 1
    print(f"{same} of {len(files)}, {len(ours)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
