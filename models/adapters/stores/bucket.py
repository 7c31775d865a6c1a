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

    def _key(self, name):
        return f"{self.prefix}/{name}" if self.prefix else name

    def _call(self, name, read=None, **more):
        try:
            with s3_errors():
                answer = getattr(self.client, name)(Bucket=self.bucket, **more)
                return answer[read].read() if read else answer
        except Missing as error:
            raise FileNotFoundError(str(error)) from error
        except Unreachable as error:
            raise Away(str(error)) from error

    def write(self, name, data):
        """One object beside the files, by its name."""
        self._call("put_object", Key=self._key(name), Body=data)

    def names(self, under):
        """The names of the objects below `under`."""
        return [name for name, _row in self._objects(under)]

    def put(self, sha, data, overwrite=False):
        try:
            if not overwrite and self._call("head_object", Key=self._key(_place(sha)))[
                "ContentLength"
            ] == len(data):
                return
        except FileNotFoundError:
            pass
        self.write(_place(sha), data)

    def get(self, sha):
        return self._call("get_object", read="Body", Key=self._key(_place(sha)))

    def drop(self, sha):
        self._call("delete_object", Key=self._key(_place(sha)))

    def listing(self):
        """{sha: size} of every file."""
        return {sha: row["Size"] for sha, row in self._files()}

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


def _place(sha):
    """The name of a file by its hash."""
    return f"{sha[:2]}/{sha}"
