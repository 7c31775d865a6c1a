"""The files of the portal in an S3 bucket, by their hash."""

from urllib.parse import parse_qs, unquote, urlsplit

from models.adapters.stores.errors import Missing, Unreachable
from models.adapters.stores.s3 import s3_client, s3_errors
from models.core.disk import Away


class Bucket:
    """An S3 bucket with a prefix. An error of the connection is raised as Away, an OSError, so that
    it is handled like one of the disk."""

    def __init__(self, url):
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.scheme != "s3" or not parts.hostname:
            raise ValueError("FILES_URL must begin with s3://bucket")
        self.bucket, self.prefix = parts.hostname, parts.path.strip("/")
        self.client = s3_client(
            query.get("endpoint"),
            query.get("region"),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def _key(self, sha):
        return "/".join(part for part in (self.prefix, sha[:2], sha) if part)

    def _call(self, name, read=None, **more):
        try:
            with s3_errors():
                answer = getattr(self.client, name)(Bucket=self.bucket, **more)
                return answer[read].read() if read else answer
        except Missing as error:
            raise FileNotFoundError(str(error)) from error
        except Unreachable as error:
            raise Away(str(error)) from error

    def put(self, sha, data, overwrite=False):
        try:
            if not overwrite and self._call("head_object", Key=self._key(sha))[
                "ContentLength"
            ] == len(data):
                return
        except FileNotFoundError:
            pass
        self._call("put_object", Key=self._key(sha), Body=data)

    def get(self, sha):
        return self._call("get_object", read="Body", Key=self._key(sha))

    def drop(self, sha):
        self._call("delete_object", Key=self._key(sha))

    def listing(self):
        found, token = {}, {}
        while True:
            page = self._call(
                "list_objects_v2", Prefix=f"{self.prefix}/" if self.prefix else "", **token
            )
            for row in page.get("Contents", ()):
                name = row["Key"].rsplit("/", 1)[-1]
                if len(name) == 64:
                    found[name] = row["Size"]
            if not page.get("IsTruncated"):
                return found
            token = {"ContinuationToken": page["NextContinuationToken"]}
