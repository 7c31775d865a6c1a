"""A store in S3, and the client for it."""

import contextlib
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from models.adapters.stores.errors import Missing, Unreachable

SMALL = 8 * 2**20  # bytes that are sent or fetched in one request


def s3_client(endpoint="", region="", key_id="", secret=""):
    """A client with short timeouts, so that a dead network is reported soon; without a key, the
    machine's own role is used."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or "us-east-1",
        aws_access_key_id=key_id or None,
        aws_secret_access_key=secret or None,
        config=Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"max_attempts": 3},
            s3={"addressing_style": "path"} if endpoint else {},
        ),
    )
    if endpoint:
        client.meta.events.register_last("before-parameter-build.s3", _do_not_redirect)
    return client


def _do_not_redirect(context, **_more):
    """Let boto3 take the bucket for redirected already: Amazon's own regions send one on to each
    other, any other server would have it ask the same again without end."""
    context["s3_redirect"]["redirected"] = True


@contextlib.contextmanager
def s3_errors(key=""):
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NotFound"):
            raise Missing(key) from error
        raise Unreachable(str(error)) from error
    except (BotoCoreError, OSError) as error:
        raise Unreachable(str(error)) from error


class Store:
    """A bucket of any storage that speaks S3."""

    parallel = 4

    def __init__(self, settings, secret="", begin=False):
        self.bucket, self.prefix = settings["bucket"], settings.get("prefix", "").strip("/")
        with s3_errors(self.bucket):
            self.client = s3_client(
                settings.get("endpoint"), settings.get("region"), settings.get("key_id"), secret
            )
            if begin:
                # Its error says what is wrong; that of HEAD is only a number.
                self.client.list_objects_v2(Bucket=self.bucket, MaxKeys=1)

    def _key(self, key):
        return f"{self.prefix}/{key}" if self.prefix else key

    def put(self, key, path):
        with s3_errors(key):
            if Path(path).stat().st_size <= SMALL:
                self.client.put_object(
                    Bucket=self.bucket, Key=self._key(key), Body=Path(path).read_bytes()
                )
            else:
                self.client.upload_file(str(path), self.bucket, self._key(key))

    def get(self, key, path):
        """A small object in one request; a large one, or one whose download was interrupted, in
        parts that are each retried."""
        with s3_errors(key):
            if (data := self._small_object(key)) is None:
                self.client.download_file(self.bucket, self._key(key), str(path))
            else:
                Path(path).write_bytes(data)

    def _small_object(self, key):
        """The bytes, or None when they are many or the download was interrupted."""
        answer = self.client.get_object(Bucket=self.bucket, Key=self._key(key))
        with contextlib.closing(answer["Body"]) as body, contextlib.suppress(BotoCoreError):
            return body.read() if answer["ContentLength"] <= SMALL else None

    def list(self, prefix):
        found, skip = {}, len(self.prefix) + 1 if self.prefix else 0
        with s3_errors(prefix):
            for page in self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self._key(prefix)
            ):
                found.update({o["Key"][skip:]: o["Size"] for o in page.get("Contents", ())})
        return found

    def delete(self, key):
        with s3_errors(key):
            self.client.delete_object(Bucket=self.bucket, Key=self._key(key))

    def close(self):
        self.client.close()
