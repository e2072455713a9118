"""Runs moto's S3 with signatures checked, and puts objects into it.

Prints one line of JSON: port, keys of a user and temporary keys of a role, names of buckets and
objects. Ends when its standard input is closed.
"""

import logging
import os
import sys

from common import NAMES, announce, contents, wait_for_end

# No keys of whoever runs the tests come into play, and nothing leaves this machine.
for name in list(os.environ):
    if name.startswith("AWS_"):
        del os.environ[name]
os.environ.update(
    AWS_ACCESS_KEY_ID="setup",
    AWS_SECRET_ACCESS_KEY="setup",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)
# Without limit at first; see below.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000000"

import urllib.request

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)

POLICY = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "*", "Resource": "*"}]}"""
TRUST = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}"""


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"

    def client(service, **keys):
        return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **keys)

    iam = client("iam")
    iam.create_user(UserName="reader")
    policy = iam.create_policy(PolicyName="all", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="reader", PolicyArn=policy)
    keys = iam.create_access_key(UserName="reader")["AccessKey"]
    role = iam.create_role(RoleName="reading", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="reading", PolicyArn=policy)
    temporary = client("sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]

    s3 = client("s3")
    buckets = ["images", "bucket.with.dots"]
    for bucket in buckets:
        s3.create_bucket(Bucket=bucket)
        for name in NAMES:
            s3.put_object(Bucket=bucket, Key=name, Body=contents())
    s3.put_object(Bucket="images", Key="public.nd2", Body=contents(), ACL="public-read")
    s3.put_bucket_versioning(
        Bucket="images", VersioningConfiguration={"Status": "Enabled"}
    )
    first = s3.put_object(Bucket="images", Key="versions.nd2", Body=b"first")["VersionId"]
    s3.put_object(Bucket="images", Key="versions.nd2", Body=b"second")
    signed = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        config=Config(signature_version="s3v4"),
    ).generate_presigned_url("get_object", Params={"Bucket": "images", "Key": NAMES[1]})

    # From now on actions are allowed only to whom IAM allows them, with signatures checked; else
    # objects that are public are given to everybody.
    count = b"1000000" if "--allow-anonymous" in sys.argv else b"0"
    reset = urllib.request.Request(
        f"{endpoint}/moto-api/reset-auth", data=count, headers={"Content-Type": "text/plain"}
    )
    urllib.request.urlopen(reset, timeout=10).read()
    announce(
        port=port,
        accessKey=keys["AccessKeyId"],
        secretKey=keys["SecretAccessKey"],
        role=role,
        temporaryAccessKey=temporary["AccessKeyId"],
        temporarySecretKey=temporary["SecretAccessKey"],
        temporaryToken=temporary["SessionToken"],
        firstVersion=first,
        presigned=signed,
        names=NAMES,
        byteCount=len(contents()),
    )
    wait_for_end()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
