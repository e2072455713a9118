"""A small server of Azure's blobs, in memory: it checks Shared Key and shared access signatures.

Knows making containers and block blobs, properties and reading with ranges and conditions: what
tests of reading need. Whether it is right is checked by azure-storage-blob itself
(check_azure_stub.py). Signatures are checked by Microsoft's documents "Authorize with Shared Key",
"Create a service SAS" and "Create an account SAS".

Prints one line of JSON; ends when its standard input is closed.
"""

import base64
import hashlib
import hmac
import sys
import threading
import time
import uuid
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from common import NAMES, announce, contents, wait_for_end

ACCOUNT = "nd2tests"
KEY = base64.b64encode(b"a key that only these tests know").decode()


def mac(text):
    code = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256)
    return base64.b64encode(code.digest()).decode()


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Store:
    """Blobs by container and name; containers are private unless named otherwise."""

    def __init__(self):
        self.containers = {}
        self.public = set()
        self.skew = 0

    def put(self, container, name, body):
        tag = '"0x%016X"' % (uuid.uuid4().int >> 64)
        self.containers[container][name] = (body, tag, formatdate(usegmt=True))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Windows-Azure-Blob/1.0"
    sys_version = ""

    def log_message(self, *arguments):
        pass

    def date_time_string(self, timestamp=None):
        return formatdate((timestamp or time.time()) + self.server.store.skew, usegmt=True)

    def do_GET(self):
        self.answer(self.read)

    def do_HEAD(self):
        self.answer(self.read)

    def do_PUT(self):
        self.answer(self.write)

    def answer(self, action):
        count = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(count)
        parts = urlsplit(self.path)
        self.encoded_path = parts.path
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        words = parts.path.split("/", 3)
        # The account stands in the path, as at the emulator.
        self.account, self.container = (words + [""] * 4)[1:3]
        self.blob = unquote((words + [""] * 4)[3])
        try:
            self.check()
            action()
        except Refused as refusal:
            text = (
                '<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>%s\n'
                "RequestId:%s\nTime:%s</Message></Error>"
                % (refusal.code, refusal.message, uuid.uuid4(), time.time())
            ).encode()
            self.send_response(refusal.status)
            self.send_header("x-ms-error-code", refusal.code)
            self.send_header("Content-Type", "application/xml")
            self.finish_with(text)

    def finish_with(self, body):
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    # What is allowed

    def check(self):
        if self.account != ACCOUNT:
            raise Refused(400, "InvalidUri", "The account is not the one of this server.")
        if not self.headers.get("x-ms-version") and "sv" not in self.query:
            raise Refused(400, "MissingRequiredHeader", "x-ms-version is missing.")
        authorization = self.headers.get("Authorization")
        if authorization:
            self.check_key(authorization)
        elif "sig" in self.query:
            self.check_signature()
        elif self.container not in self.server.store.public or self.command == "PUT":
            raise Refused(404, "ResourceNotFound", "The specified resource does not exist.")

    def check_key(self, authorization):
        scheme, _, rest = authorization.partition(" ")
        account, _, signature = rest.partition(":")
        if scheme == "Bearer":
            if rest != "a-good-token":
                raise Refused(401, "InvalidAuthenticationInfo", "The token is not valid.")
            return
        sent = parsedate_to_datetime(self.headers["x-ms-date"]).timestamp()
        if abs(sent - time.time() - self.server.store.skew) > 900:
            raise Refused(403, "AuthenticationFailed", "Request date header too old.")
        headers = {name.lower(): value.strip() for name, value in self.headers.items()}
        length = headers.get("content-length", "")
        lines = [self.command, headers.get("content-encoding", "")]
        lines += [headers.get("content-language", ""), "" if length == "0" else length]
        lines += [
            headers.get(name, "")
            for name in (
                "content-md5", "content-type", "date", "if-modified-since", "if-match",
                "if-none-match", "if-unmodified-since", "range",
            )
        ]
        lines += [f"{n}:{headers[n]}" for n in sorted(headers) if n.startswith("x-ms-")]
        resource = f"/{ACCOUNT}{self.encoded_path}"
        for name in sorted(self.query, key=str.lower):
            resource += f"\n{name.lower()}:{self.query[name]}"
        if account != ACCOUNT or mac("\n".join(lines + [resource])) != signature:
            raise Refused(
                403, "AuthenticationFailed",
                "Server failed to authenticate the request. Make sure the value of "
                "Authorization header is formed correctly including the signature.",
            )

    def check_signature(self):
        get = lambda name: self.query.get(name, "")
        if "ss" in self.query:
            names = "sp ss srt st se sip spr sv ses".split()
            text = "\n".join([ACCOUNT] + [get(name) for name in names]) + "\n"
        else:
            place = f"/blob/{ACCOUNT}/{self.container}"
            if get("sr") == "b":
                place += f"/{self.blob}"
            lines = [get("sp"), get("st"), get("se"), place]
            lines += [get(name) for name in "si sip spr sv sr snapshot ses".split()]
            lines += [get(name) for name in "rscc rscd rsce rscl rsct".split()]
            text = "\n".join(lines)
        if mac(text) != get("sig"):
            raise Refused(403, "AuthenticationFailed", "Signature did not match.")
        if get("se") < time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()):
            raise Refused(403, "AuthenticationFailed", "The signature has expired.")
        need = "r" if self.command in ("GET", "HEAD") else "w"
        if need not in get("sp"):
            raise Refused(403, "AuthorizationPermissionMismatch", "Not permitted.")

    # What is done

    def write(self):
        store = self.server.store
        if self.query.get("restype") == "container":
            store.containers.setdefault(self.container, {})
        elif self.container not in store.containers:
            raise Refused(404, "ContainerNotFound", "The container does not exist.")
        elif self.headers.get("x-ms-blob-type") == "BlockBlob" and "comp" not in self.query:
            store.put(self.container, self.blob, self.body)
        else:
            raise Refused(400, "UnsupportedHeader", "Only whole block blobs can be put.")
        self.send_response(201)
        if self.blob:
            _, tag, date = store.containers[self.container][self.blob]
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", date)
            self.send_header("x-ms-request-server-encrypted", "true")
        self.finish_with(b"")

    def read(self):
        blobs = self.server.store.containers.get(self.container, {})
        if self.blob not in blobs:
            raise Refused(404, "BlobNotFound", "The specified blob does not exist.")
        body, tag, date = blobs[self.blob]
        wanted = self.headers.get("If-Match")
        if wanted and wanted not in ("*", tag):
            raise Refused(412, "ConditionNotMet", "The condition is not met.")
        start, end = 0, len(body)
        text = self.headers.get("x-ms-range") or self.headers.get("Range")
        status = 200
        if text and self.command == "GET":
            first, _, last = text.removeprefix("bytes=").partition("-")
            if not first:
                raise Refused(400, "InvalidHeaderValue", "Ranges from the end are not known.")
            start = int(first)
            end = min(int(last) + 1 if last else end, end)
            if start >= len(body):
                raise Refused(416, "InvalidRange", "The range is not of this blob.")
            status = 206
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
        for name, value in (
            ("ETag", tag), ("Last-Modified", date), ("Accept-Ranges", "bytes"),
            ("Content-Type", "application/octet-stream"), ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-creation-time", date), ("x-ms-server-encrypted", "true"),
        ):
            self.send_header(name, value)
        self.finish_with(body[start:end])


def serve(skew=0):
    """A running server with objects in it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.store = Store()
    server.store.skew = skew
    server.store.containers = {"images": {}, "open": {}}
    server.store.public = {"open"}
    for name in NAMES:
        server.store.put("images", name, contents())
        server.store.put("open", name, contents())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def signatures():
    """Shared access signatures that azure-storage-blob makes; empty without it."""
    try:
        from azure.storage import blob
    except ImportError:
        return {}
    from datetime import datetime, timedelta, timezone

    end = datetime.now(timezone.utc) + timedelta(hours=1)
    return {
        "blobSignature": blob.generate_blob_sas(
            ACCOUNT, "images", NAMES[1], account_key=KEY, expiry=end,
            permission=blob.BlobSasPermissions(read=True),
        ),
        "containerSignature": blob.generate_container_sas(
            ACCOUNT, "images", account_key=KEY, expiry=end,
            permission=blob.ContainerSasPermissions(read=True),
        ),
        "accountSignature": blob.generate_account_sas(
            ACCOUNT, KEY, blob.ResourceTypes(object=True), blob.AccountSasPermissions(read=True),
            expiry=end,
        ),
    }


def main():
    server = serve(skew=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    announce(
        port=server.server_address[1], account=ACCOUNT, key=KEY, names=NAMES,
        byteCount=len(contents()), **signatures(),
    )
    wait_for_end()


if __name__ == "__main__":
    sys.exit(main())
