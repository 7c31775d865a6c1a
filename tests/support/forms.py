"""Forms with files, sent as a browser does."""

import secrets
from html.parser import HTMLParser
from urllib.parse import urljoin


def post(browser, path, **data):
    return browser.post(
        path,
        data={"idempotency_key": secrets.token_urlsafe(18), **data},
        content_type="multipart/form-data",
    )


class Control:
    """A field of a form on a page."""

    def __init__(self, tag, given):
        self.tag, self.name = tag, given.get("name") or ""
        self.kind = given.get("type", "text") if tag == "input" else tag
        if "data-day" in given:
            self.kind = "date"
        self.value, self.on = given.get("value") or "", "checked" in given
        self.options, self.chosen, self.many = [], [], "multiple" in given

    @property
    def tick(self):
        return self.kind in ("checkbox", "radio")

    @property
    def shown(self):
        """Whether people see it and can change it."""
        return bool(self.name) and self.kind not in ("hidden", "submit", "button", "file", "image")

    @property
    def filled(self):
        """Whether it shows something that is stored."""
        if self.tick:
            return self.on
        return any(self.chosen) if self.tag == "select" else bool(self.value)

    def sent(self):
        """What a browser sends of it."""
        if self.tag == "select":
            return self.chosen or ([] if self.many else self.options[:1])
        if self.tick:
            return [self.value or "on"] if self.on else []
        if self.kind in ("submit", "button", "file", "image"):
            return []
        return [self.value.replace("\r\n", "\n").replace("\n", "\r\n")]


class Forms(HTMLParser):
    """The forms of a page that post, as [(address, [control])]."""

    def __init__(self, path, text):
        super().__init__(convert_charrefs=True)
        self.path, self.found, self.inside, self.text, self.option = path, [], False, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.inside = given.get("method") == "post"
            if self.inside:
                self.found.append((urljoin(self.path, given.get("action") or ""), []))
        elif self.inside and tag in ("input", "select", "textarea") and "disabled" not in given:
            self.found[-1][1].append(Control(tag, given))
            self.text = [] if tag == "textarea" else None
        elif self.inside and tag == "option":
            self.option, self.text = given, []

    def handle_data(self, data):
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif self.inside and tag == "textarea":
            text = "".join(self.text)
            self.found[-1][1][-1].value = text.removeprefix("\r").removeprefix("\n")
            self.text = None
        elif self.option is not None and tag == "option":
            control, text = self.found[-1][1][-1], "".join(self.text).strip()
            control.options.append(self.option.get("value", text))
            if "selected" in self.option:
                control.chosen.append(control.options[-1])
            self.option = self.text = None
