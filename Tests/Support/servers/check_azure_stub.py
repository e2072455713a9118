"""Shows that azure-storage-blob accepts the stub of Azure, and that it refuses what it should."""

import sys

import azure_stub
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobClient, BlobServiceClient, ContainerClient
from common import NAMES, contents


def refuses(action):
    try:
        action()
    except HttpResponseError as error:
        return error.status_code
    return None


def main():
    server = azure_stub.serve()
    base = f"http://127.0.0.1:{server.server_address[1]}/{azure_stub.ACCOUNT}"
    service = BlobServiceClient(base, credential=azure_stub.KEY, retry_total=0)
    service.create_container("made")
    for name in NAMES:
        blob = service.get_blob_client("made", name)
        blob.upload_blob(contents())
        assert blob.download_blob().readall() == contents()
        part = blob.download_blob(offset=1000, length=77).readall()
        assert part == contents()[1000:1077]
        properties = blob.get_blob_properties()
        assert properties.size == len(contents()) and properties.etag
        unchanged = MatchConditions.IfNotModified
        blob.download_blob(etag=properties.etag, match_condition=unchanged).readall()
        changed = lambda: blob.download_blob(etag='"other"', match_condition=unchanged)
        assert refuses(changed) == 412
    signs = azure_stub.signatures()
    signed = BlobClient(base, "images", NAMES[1], credential=signs["blobSignature"])
    assert signed.download_blob().readall() == contents()
    container = ContainerClient(base, "images", credential=signs["containerSignature"])
    assert container.download_blob(NAMES[0]).readall() == contents()
    account = BlobServiceClient(base, credential=signs["accountSignature"])
    assert account.get_blob_client("images", NAMES[1]).download_blob().readall() == contents()
    anonymous = BlobServiceClient(base, retry_total=0)
    assert anonymous.get_blob_client("open", NAMES[1]).download_blob().readall() == contents()

    # What must not work.
    assert refuses(anonymous.get_blob_client("images", NAMES[0]).download_blob) == 404
    wrong = BlobServiceClient(base, credential="d3JvbmcgMQ==", retry_total=0)
    assert refuses(wrong.get_blob_client("images", NAMES[0]).download_blob) == 403
    other = BlobClient(base, "images", NAMES[0], credential=signs["blobSignature"], retry_total=0)
    assert refuses(other.download_blob) == 403
    assert refuses(lambda: signed.upload_blob(b"x", overwrite=True)) == 403
    assert refuses(service.get_blob_client("images", "none").download_blob) == 404
    print("ok")


if __name__ == "__main__":
    sys.exit(main())
