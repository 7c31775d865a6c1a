"""Values, forms and requests that no page of ours would send."""

import gzip
import io
import zipfile
from random import Random
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlencode

from tests.fuzz.watching import SEED
from tests.fuzz.words import FILENAMES, FILES, HEADERS, IDS, JSON, NUMBERS, QUERIES, WORDS
from tests.valid_forms.fields import UPLOADS


class Hostile:
    """The choices of one input, always the same for its number."""

    def __init__(self, name, number):
        self.random = Random(f"{SEED} {name} {number}")

    def chance(self, share):
        return self.random.random() < share

    def choice(self, given):
        return self.random.choice(given)

    def word(self):
        r = self.random.random()
        if r < 0.8:
            return self.choice(WORDS)
        if r < 0.9:
            return self.choice(WORDS)[:50] + self.choice(WORDS)[:50]
        return "".join(
            chr(self.random.choice((self.random.randrange(0x110000), self.random.randrange(0x500))))
            for _ in range(self.random.randrange(1, 60))
        )

    def ident(self, known):
        """An id for an address, mostly a real one."""
        return str(self.choice(known)) if known and self.chance(0.85) else self.choice(IDS)

    def query(self):
        pairs = [
            (self.choice(QUERIES) if self.chance(0.9) else self.word()[:200], self.word()[:3000])
            for _ in range(self.random.choice((0, 0, 1, 1, 2, 5)))
        ]
        return urlencode(pairs, errors="surrogatepass") if self.chance(0.95) else "%ff%fe=%&&==;"

    def headers(self):
        names = self.random.sample(sorted(HEADERS), self.random.choice((0, 0, 1, 2, 4)))
        return {name: self.choice(HEADERS[name]) for name in names}

    def spoiled(self, fields):
        """[(name, value)] of the form, with a few of its fields spoiled."""
        items = items_of(fields)
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 3, 8))):
            at = self.random.randrange(len(items)) if items else 0
            name = items[at][0] if items else self.choice(QUERIES)
            r = self.random.random()
            if r < 0.6 and items:
                items[at] = name, self.word()
            elif r < 0.7 and items:
                del items[at]
            elif r < 0.8:
                items += [(name, self.word())] * self.random.choice((1, 1, 50))
            elif r < 0.9 and items:
                items[at] = name, self.choice(items)[1]
            else:
                items.append((name + self.choice(("", "-1", "[]", "-" + "9" * 30)), self.upload()))
        return items

    def upload(self):
        """A file where none, or another, is awaited."""
        return self.choice(FILES), self.choice(FILENAMES)

    def body(self, items):
        """(content type, bytes)"""
        r = self.random.random()
        if any(isinstance(v, tuple) for _k, v in items) or r < 0.25:
            body = multipart(items)
            if self.chance(0.25):
                body = self.mutated(body)
            return "multipart/form-data; boundary=x-y" + self.choice(
                ("", "", "", '"', "; charset=x")
            ), body
        text = urlencode(items, errors="surrogatepass").encode()
        if r < 0.9:
            return "application/x-www-form-urlencoded", text
        if r < 0.95:
            return "application/json", self.choice((*JSON, text))
        return self.choice(("text/plain", "", "image/png", "a/b;" * 99)), self.mutated(text)

    def mutated(self, data, times=None):
        """The bytes with a few of them changed, cut, repeated or moved."""
        data = bytearray(data)
        for _ in range(times or self.random.choice((1, 1, 2, 4, 16))):
            at, r = self.random.randrange(len(data) + 1), self.random.random()
            end = min(len(data), at + self.random.choice((1, 1, 4, 40, 4000)))
            if r < 0.3 and at < len(data):
                data[at] = self.random.choice(
                    (0, 10, 34, 60, 255, data[at] ^ (1 << self.random.randrange(8)))
                )
            elif r < 0.45:
                del data[at:end]
            elif r < 0.6:
                data[at:at] = data[at:end] * self.random.choice((1, 1, 2, 50))
            elif r < 0.75:
                data[at:at] = self.word()[:2000].encode("utf-8", "surrogatepass")
            elif r < 0.85:
                data[at:end] = self.random.randbytes(end - at)
            elif r < 0.9:
                del data[at:]
            elif digits := _a_number(data, at):
                data[digits] = self.choice(NUMBERS)
        return bytes(data[: 4 * 2**20])


def items_of(fields):
    """[(name, text or file)] of a good form."""
    return [(name, value) for name, given in fields.items() for value in _listed(given)]


def _listed(given):
    fresh = UPLOADS[given]() if isinstance(given, str) and given in UPLOADS else given
    if isinstance(fresh, list):
        return [str(value) for value in fresh]
    if isinstance(fresh, tuple):
        stream, name = fresh[:2]
        return [(stream.read() if isinstance(stream, io.IOBase) else stream, name)]
    return [str(fresh)]


def _a_number(data, at):
    """Where a number stands in the bytes from there on."""
    digits = b"0123456789"
    start = next((n for n in range(at, min(len(data), at + 400)) if data[n] in digits), None)
    if start is None:
        return None
    end = next((n for n in range(start, len(data)) if data[n] not in digits), len(data))
    return slice(start, end)


def multipart(items):
    """A form with files, its texts perhaps no UTF-8."""
    parts = []
    for name, value in items:
        head = b'--x-y\r\nContent-Disposition: form-data; name="' + _bytes(name) + b'"'
        if isinstance(value, tuple):
            value, filename = value
            head += b'; filename="' + _bytes(filename or "") + b'"\r\nContent-Type: x/y'
        parts.append(head + b"\r\n\r\n" + _bytes(value) + b"\r\n")
    return b"".join(parts) + b"--x-y--\r\n"


def _bytes(value):
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def environ(method, path, query="", headers=(), content_type="", body=b"", cookies=None):
    """What a server hands the application; path as a browser would write it, percent signs and
    all."""
    given = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items()),
    }
    for name, value in dict(headers).items():
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.encode("utf-8", "surrogatepass").decode("latin-1")
        given[key] = given[key] + "; " + text if key == "HTTP_COOKIE" and given[key] else text
    return given


def as_path(text):
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="/%")


def call(app, given):
    """(status, headers, body) of a request, without what a test client does around it."""
    found = []
    answer = app.wsgi_app(
        given, lambda status, headers, _error=None: found.append((status, headers))
    )
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return int(found[-1][0][:3]), found[-1][1], body


def mutated_file(h, data):
    """The file with something changed: of a zip mostly inside one of its parts, as a broken zip is
    refused before anything is read; of what gzip has packed likewise."""
    if data[:2] == b"PK" and h.chance(0.8):
        return _in_a_zip(h, data)
    if data[:2] == b"\x1f\x8b" and h.chance(0.8):
        return gzip.compress(h.mutated(gzip.decompress(data)), 1)
    return h.mutated(data)


def _in_a_zip(h, data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        changed = {h.choice(names) for _ in range(h.choice((1, 1, 2)))}
        for name in names:
            part = old.read(name)
            if name in changed and h.chance(0.1):
                continue
            new.writestr(name, h.mutated(part) if name in changed else part)
    return out.getvalue()
