"""Style sheets, scripts and icons go out compressed. Pages do not: the size of a compressed page
tells what stands in it beside words of a stranger (BREACH)."""

import functools
import gzip

from flask import request

PUBLIC = {"static", "styles.show"}
TEXT = {"text/css", "text/javascript", "image/svg+xml"}


@functools.lru_cache(maxsize=32)
def _compressed(data):
    return gzip.compress(data, mtime=0)


def compress(answer):
    """This answer, compressed if it is the same for everybody and the browser takes it so."""
    if request.endpoint not in PUBLIC or answer.mimetype not in TEXT or answer.status_code != 200:
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        answer.direct_passthrough = False
        answer.set_data(_compressed(answer.get_data()))
        answer.headers["Content-Encoding"] = "gzip"
        if tag := answer.get_etag()[0]:
            answer.set_etag(tag, weak=True)  # the same file, though not the same bytes
    return answer
