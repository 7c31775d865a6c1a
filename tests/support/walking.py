"""Walks a portal as a person does: from page to page by what is shown."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from werkzeug.exceptions import HTTPException

ASKS = {f"hx-{verb}": verb.upper() for verb in ("get", "post", "put", "patch", "delete")}


class Shown(HTMLParser):
    """The addresses that a page offers, as {(method, address)}."""

    def __init__(self, path, text):
        super().__init__(convert_charrefs=True)
        self.path, self.found, self.method = path, set(), "GET"
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and given.get("href"):
            self._add("GET", given["href"])
        if tag == "form":
            self.method = (given.get("method") or "get").upper()
            self._add(self.method, given.get("action") or "")
        if "formaction" in given:
            self._add((given.get("formmethod") or self.method).upper(), given["formaction"])
        for name in given.keys() & ASKS.keys():
            self._add(ASKS[name], given[name])

    def _add(self, method, address):
        whole = urlsplit(urljoin(self.path, address))
        if not whole.netloc and whole.scheme in ("", "http", "https"):
            self.found.add((method, whole._replace(fragment="").geturl()))


class Walk:
    """All that a person is shown, beginning with some pages. `ask(path, method)` returns the status
    and the text of the page; `each`: of how many things of a kind each page is asked, None for
    all."""

    def __init__(self, app, ask, each=None):
        self.routes, self.ask, self.each = app.url_map.bind(""), ask, each
        self.asked, self.per_endpoint = {}, {}

    def run(self, *starts):
        """{(method, endpoint, path, the page that shows it): status}"""
        waiting = [("GET", start, "") for start in starts]
        while waiting:
            method, path, on = waiting.pop(0)
            endpoint = self._endpoint(method, path)
            if not self._is_new(method, path, endpoint):
                continue
            status, text = self.ask(path, method)
            self.asked[method, endpoint, path, on] = status
            if method == "GET" and status == 200:
                waiting += [(*target, path) for target in sorted(Shown(path, text).found)]
        return self.asked

    def _endpoint(self, method, path):
        try:
            return self.routes.match(urlsplit(path).path, method)[0]
        except HTTPException:
            return ""

    def _is_new(self, method, path, endpoint):
        """Sorted and filtered in other ways a page is the same."""
        whole = urlsplit(path)
        names = tuple(sorted({name for name, _value in parse_qsl(whole.query)}))
        seen = self.per_endpoint.setdefault((method, endpoint, names), set())
        if whole.path in seen or self.each is not None and len(seen) >= self.each:
            return False
        seen.add(whole.path)
        return True
