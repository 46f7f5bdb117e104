"""A bucket on loopback, by moto: what a state is kept in where it isn't a folder."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from botocore.config import Config
from moto.server import ThreadedMotoServer

BUCKET = "acme-pulumi-state"
"""The bucket's name on the page."""

KEYS = {"AWS_ACCESS_KEY_ID": "LTAI5tExample", "AWS_SECRET_ACCESS_KEY": "not-checked-by-moto"}


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket, versions switched on."""

    url: str

    def client(self, service: str) -> Any:
        """A client of S3 or KMS (boto3 has no types of its own)."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )

    def object_keys(self) -> list[str]:
        """The keys of what is in the bucket now."""
        listed = self.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return [str(one["Key"]) for one in listed]

    def versions(self) -> list[tuple[str, bytes]]:
        """Everything that was ever in the bucket."""
        s3 = self.client("s3")
        found: list[tuple[str, bytes]] = []
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET):
            for one in page.get("Versions", ()):
                which = {"Key": one["Key"], "VersionId": one["VersionId"]}
                body = s3.get_object(Bucket=BUCKET, **which)["Body"].read()
                found.append((str(one["Key"]), bytes(body)))
        return found


@contextmanager
def s3_server() -> Generator[S3Server]:
    """Run a server until the block ends."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        made = S3Server(f"http://{host}:{port}")
        # What an earlier server of this process kept, moto would still have.
        requests.post(f"{made.url}/moto-api/reset", timeout=60)
        s3 = made.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        versioning = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=versioning)
        yield made
    finally:
        server.stop()
