"""Reading a tax invoice (数电票) as PDF: the data of its first page, by the position of the words.

The printed form names the number and the date at the top right, the buyer's block left of the
seller's, and the total after （小写）. Many programs write all labels first and all values after
them, so the rows are joined by position, not by order in the file."""

import re
import unicodedata

from models.adapters.printing import reading
from models.core.errors import Refused

ID = re.compile(
    r"(?<![0-9A-Z])(?=[0-9A-Z]*[0-9]{6})([0-9A-HJ-NPQRTUWXY]{18}|[0-9]{15}|[0-9A-Z]{20})(?![0-9A-Z])"
)
NUMBER = re.compile(r"(?<!\d)(\d{20})(?!\d)")
DAY = re.compile(r"(?<!\d)(20\d\d) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")
AMOUNT = r"[¥￥]? ?(-?[¥￥]? ?\d[\d,]*\.\d{2})(?!\d)"
TOTAL = re.compile(r"小 ?写\W{0,4}?" + AMOUNT)
REMARK = re.compile(r"备 ?\n? ?注 ?(.*)", re.S)


def found(data):
    """{field: text} of the data found on the page, with the field names of tax_invoice_reading;
    empty when it is a picture, encrypted, or takes too long. Refused when it is damaged."""
    try:
        rows = [unicodedata.normalize("NFKC", row) for row in reading.rows(data)]
    except Refused as error:
        if error.code == "file_damaged":
            raise
        return {}
    text = "\n".join(rows)
    content = {
        "number": _single(NUMBER.findall(text)),
        "day": _single("-".join(parts) for parts in DAY.findall(text)),
        "total": _total(text),
        "remark": (REMARK.search(text) or [""] * 2)[1].strip(),
    }
    ids = [
        one
        for one in dict.fromkeys(ID.findall(text))
        if one != content["number"] and not NUMBER.fullmatch(one)
    ]
    if len(ids) == 2:
        content.update(buyer=ids[0], seller=ids[1])
    # A private buyer has no tax id.
    elif len(ids) == 1 and re.search(rf"销[\s\S]{{0,200}}{ids[0]}", text):
        content["seller"] = ids[0]
    return {field: value for field, value in content.items() if value}


def _single(values):
    """The value if there is exactly one distinct value, else an empty text."""
    values = set(values)
    return values.pop() if len(values) == 1 else ""


def _total(text):
    """The amount after （小写）, else the amount that is the sum of two others, net and tax."""
    direct = {m.replace(" ", "").replace("¥", "") for m in TOTAL.findall(text)}
    if len(direct) == 1:
        return direct.pop()
    cents = {
        int(re.sub(r"[^\d-]", "", m)): m.replace(" ", "").replace("¥", "")
        for m in re.findall(r"¥ ?(-?\d[\d,]*\.\d{2})(?!\d)", text)
    }
    return _single(
        shown
        for total, shown in cents.items()
        if any(total - part in cents and total - part != part for part in cents if part != total)
    )
