"""The files of the portal in an S3 bucket, by their hash."""

import contextlib
import datetime as dt
from urllib.parse import parse_qs, unquote, urlsplit

from models.adapters.stores.errors import Missing, Unreachable
from models.adapters.stores.s3 import s3_client, s3_errors
from models.core.disk import Away

FRESH = dt.timedelta(hours=12)  # half the age at which files that no row names are swept


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

    def _key(self, name):
        return f"{self.prefix}/{name}" if self.prefix else name

    def _call(self, name, read=None, **more):
        with _as_of_the_disk():
            answer = getattr(self.client, name)(Bucket=self.bucket, **more)
            return answer[read].read() if read else answer

    def write(self, name, data):
        """One object beside the files, by its name."""
        self._call("put_object", Key=self._key(name), Body=data)

    def send(self, name, path):
        """A file of any size, in parts."""
        with _as_of_the_disk():
            self.client.upload_file(str(path), self.bucket, self._key(name))

    def opened(self, name):
        """A stream of its bytes."""
        return self._call("get_object", Key=self._key(name))["Body"]

    def remove(self, name):
        self._call("delete_object", Key=self._key(name))

    def names(self, under):
        """The names of the objects below `under`."""
        return [name for name, _row in self._objects(under)]

    def put(self, sha, data, overwrite=False):
        """Write it unless it is there and of today: S3 gives a new time only to what is written,
        and by its time it would be swept away before its row is written."""
        there = None if overwrite else self._head(sha)
        fresh = dt.datetime.now(dt.timezone.utc) - FRESH
        if there and there["LastModified"] > fresh and there["ContentLength"] == len(data):
            return
        self.write(_place(sha), data)

    def _head(self, sha):
        with contextlib.suppress(FileNotFoundError):
            return self._call("head_object", Key=self._key(_place(sha)))

    def sweep_away(self, sha, moment):
        there = self._head(sha)
        if there and there["LastModified"] < moment:
            self.drop(sha)
            return True
        return not there

    def get(self, sha):
        return self._call("get_object", read="Body", Key=self._key(_place(sha)))

    def drop(self, sha):
        self.remove(_place(sha))

    def listing(self):
        """{sha: size} of every file."""
        return {sha: row["Size"] for sha, row in self._files()}

    def written_before(self, moment):
        return {sha for sha, row in self._files() if row["LastModified"] < moment}

    def _files(self):
        """(sha, what S3 says of it) of every file."""
        for name, row in self._objects():
            sha = name.rpartition("/")[2]
            if len(sha) == 64 and name == _place(sha):
                yield sha, row

    def _objects(self, under=""):
        """(name below our prefix, what S3 says of it) of every object below `under`."""
        prefix, token = self._key(under), {}
        while True:
            page = self._call("list_objects_v2", Prefix=prefix, **token)
            for row in page.get("Contents", ()):
                yield row["Key"].removeprefix(self._key("")), row
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}


@contextlib.contextmanager
def _as_of_the_disk():
    try:
        with s3_errors():
            yield
    except Missing as error:
        raise FileNotFoundError(str(error)) from error
    except Unreachable as error:
        raise Away(str(error)) from error


def _place(sha):
    """The name of a file by its hash."""
    return f"{sha[:2]}/{sha}"
