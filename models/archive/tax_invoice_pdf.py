"""A tax invoice (数电票) as PDF: what its first page says, read by where the words stand.

The printed form names the number and the date at the top right, the buyer's block left of the
seller's, and the total behind （小写）. Many writers lay down all labels first and all values
later, so the rows are put together by place, not by order."""

import re
import unicodedata

from models.adapters.printing import reading
from models.adapters.printing.pool import PdfFailed
from models.core.errors import refuse

ID = re.compile(
    r"(?<![0-9A-Z])(?=[0-9A-Z]*[0-9]{6})([0-9A-HJ-NPQRTUWXY]{18}|[0-9]{15}|[0-9A-Z]{20})(?![0-9A-Z])"
)
NUMBER = re.compile(r"(?<!\d)(\d{20})(?!\d)")
DAY = re.compile(r"(?<!\d)(20\d\d) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")
AMOUNT = r"[¥￥]? ?(-?[¥￥]? ?\d[\d,]*\.\d{2})(?!\d)"
TOTAL = re.compile(r"小 ?写\W{0,4}?" + AMOUNT)
REMARK = re.compile(r"备 ?\n? ?注 ?(.*)", re.S)


def found(data):
    """{field: text} as far as the page tells, in the terms of `einvoice.read`; empty when it is a
    picture, locked, or takes too long. Refused when it is broken."""
    try:
        rows = [unicodedata.normalize("NFKC", row) for row in reading.rows(data)]
    except PdfFailed as error:
        if "format error" in str(error).lower():
            refuse("file_damaged")
        return {}
    text = "\n".join(rows)
    said = {
        "number": _only(NUMBER.findall(text)),
        "day": _only("-".join(parts) for parts in DAY.findall(text)),
        "total": _total(text),
        "remark": (REMARK.search(text) or [""] * 2)[1].strip(),
    }
    ids = [
        one
        for one in dict.fromkeys(ID.findall(text))
        if one != said["number"] and not NUMBER.fullmatch(one)
    ]
    if len(ids) == 2:
        said.update(buyer=ids[0], seller=ids[1])
    elif len(ids) == 1 and re.search(
        rf"销[\s\S]{{0,200}}{ids[0]}", text
    ):  # a person as buyer has no number
        said["seller"] = ids[0]
    return {field: value for field, value in said.items() if value}


def _only(values):
    """The one value that is there; nothing when there are none or several."""
    values = set(values)
    return values.pop() if len(values) == 1 else ""


def _total(text):
    """Behind （小写）; else the amount that is the sum of net and tax."""
    direct = {m.replace(" ", "").replace("¥", "") for m in TOTAL.findall(text)}
    if len(direct) == 1:
        return direct.pop()
    cents = {
        int(re.sub(r"[^\d-]", "", m)): m.replace(" ", "").replace("¥", "")
        for m in re.findall(r"¥ ?(-?\d[\d,]*\.\d{2})(?!\d)", text)
    }
    return _only(
        shown
        for total, shown in cents.items()
        if any(total - part in cents and total - part != part for part in cents if part != total)
    )
