"""What the servers of the tests share: contents of objects, and how a server is run."""

import json
import os
import sys

# Connections of other tests may have come along with the process: held here as well, they would not
# end where a test closes them. Therefore this module is imported before anything that takes time.
os.closerange(3, 4096)

# The servers are of this machine: no proxy lies between.
os.environ["no_proxy"] = "*"

# Names that every layer must carry through unharmed.
NAMES = ["plain.nd2", "a folder/üñï 日本 + %41 # ? & = ~'(x)!*.nd2"]


def contents(count=300_000):
    """Bytes that tell their place."""
    return bytes((i * 7 + (i >> 8) * 13) & 255 for i in range(count))


def announce(**facts):
    """Tells the tests that the server is ready, by one line of JSON."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def wait_for_end():
    """Waits until the tests close our standard input, as they do when they end, however that is."""
    sys.stdin.buffer.read()
