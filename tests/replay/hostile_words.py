"""Texts that would run in a page that shows them as anything but text; a portal full of them."""

import re
from html.parser import HTMLParser

import peewee as pw

from models.core.model import tables
from models.customers import Customer

CANARY = "http://canary.test"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<script src=http://canary.test/a.js></script>",
    "<img src=x onerror=alert(2)>",
    "<img src=http://canary.test/i.png>",
    "<svg onload=alert(3)>",
    "<svg><script>alert(4)</script></svg>",
    "<svg><animate onbegin=alert(5) attributeName=x dur=1s>",
    "<iframe src=javascript:alert(6)></iframe>",
    "<iframe srcdoc='<script>alert(7)</script>'></iframe>",
    "<object data=http://canary.test/o></object>",
    "<embed src=http://canary.test/e>",
    "<link rel=stylesheet href=http://canary.test/s.css>",
    "<style>@import url(http://canary.test/t.css)</style>",
    "<base href=http://canary.test/>",
    "<meta http-equiv=refresh content='0;url=http://canary.test/m'>",
    "<form action=http://canary.test/f><button autofocus onfocus=alert(8)>x</button></form>",
    "<details open ontoggle=alert(9)>",
    "<video><source onerror=alert(10)></video>",
    "<audio src=x onerror=alert(11)>",
    "<body onload=alert(12)>",
    "<input autofocus onfocus=alert(13)>",
    "<select autofocus onfocus=alert(14)>",
    "<marquee onstart=alert(15)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(16)>",
    "<a href=javascript:alert(17)>x</a>",
    "<a href='data:text/html,<script>alert(18)</script>'>x</a>",
    "<div hx-get=http://canary.test/h hx-trigger=load>x</div>",
    "<div hx-get=/people/ hx-trigger=load hx-target=body>x</div>",
    "<div hx-post=/sign-out hx-trigger=load>x</div>",
    "<div hx-on:load=alert(19) hx-on::after-request=alert(20)>x</div>",
    "<template hx-trigger=load hx-get=http://canary.test/tpl></template>",
    '" onmouseover="alert(21)" autofocus onfocus="alert(22)',
    "' onfocus='alert(23)' autofocus x='",
    '"><script>alert(24)</script>',
    "'><img src=x onerror=alert(25)>",
    "</title><script>alert(26)</script>",
    "</textarea><script>alert(27)</script>",
    "</script><script>alert(28)</script>",
    "--><script>alert(29)</script>",
    "javascript:alert(30)",
    "{{constructor.constructor('alert(31)')()}}",
    '\\"><svg/onload=alert(32)>',
]
# Columns with words of a person; what decides how rows are found or shown is left as it is.
TYPED = set(
    """agent answer author bank_account bank_branch bank_branch_en bank_code bank_name
    bank_name_en category closing code comment confirmed_by correction decision error explanation
    filename footer footer_en heading internal_note legal_name legal_name_en lift_reason name
    name_en note opinion payer payer_account person phone position prevention
    rating_text reference reply reverse_reason short_name slip_name subject subtotal
    tax_label text text_en text_zh title title_en title_zh trouble unit unit_en void_reason website
    what told short""".split()
)
CODES = {  # a word of ours in a column of such a name
    ("Line", "code"),
    ("AccessEntry", "told"),
    ("Attempt", "name"),
    ("Lease", "name"),
    ("Lease", "trouble"),
    ("Progress", "name"),
    ("HouseText", "title"),
    ("HouseText", "text"),
    ("InspectionFinding", "code"),
    ("ImportedRow", "code"),
    ("SavedFilter", "page"),
    ("ImportedRange", "name"),
    ("Filing", "code"),
    ("ImportedContent", "name"),
    ("Import", "error"),
    ("Mail", "error"),
    ("Backup", "name"),
    ("Place", "trouble"),
    ("YearPackage", "error"),
    ("Inspection", "error"),
    ("DestructionItem", "code"),
    ("AccessEntry", "what"),
    ("AccessEntry", "person"),
}


def spoil(texts=PAYLOADS):
    """Put one of the texts, in turn, into every column of words, of every row."""
    count = 0
    for table in tables():
        for field in table._meta.sorted_fields:
            typed = type(field) in (pw.CharField, pw.TextField) and field.name in TYPED
            if not typed or (table.__name__, field.name) in CODES:
                continue
            for (ident,) in list(table.select(table._meta.primary_key).where(field != "").tuples()):
                count += 1
                text = texts[count % len(texts)] + (f" {ident}" * field.unique)
                table.update({field.name: text}).where(table._meta.primary_key == ident).execute()
    Customer.update(tags=[texts[0]]).execute()
    return count


class Elements(HTMLParser):
    """What a page makes a browser do that no page of ours does."""

    OURS = re.compile(
        r"^(/(?!/)|#|\?|mailto:|tel:|data:image/|blob:|https?://localhost)|^$|^[\w.-]+$"
    )
    NAMING = {"src", "href", "action", "formaction", "data", "poster", "srcset", "xlink:href"}
    NAMING |= {f"hx-{verb}" for verb in ("get", "post", "put", "patch", "delete")}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.bad = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in (
            "base",
            "embed",
            "object",
            "iframe",
            "marquee",
            "math",
            "animate",
            "audio",
            "style",
        ):
            self.bad.append(f"<{tag}>")
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.bad.append("<script> of nobody's")
        for name, value in attributes:
            if (
                name.startswith(("on", "hx-on"))
                or name in ("srcdoc", "autofocus")
                and "alert" in str(attributes)
            ):
                self.bad.append(f"<{tag} {name}>")
            if name in self.NAMING and not self.OURS.match(value or ""):
                self.bad.append(f"<{tag} {name}={value[:60]}>")
