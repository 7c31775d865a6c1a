"""The forms in which names, mail addresses, phones and tax ids are compared, so that a customer is
not entered twice. Import and bank matching compare by the same."""

import re
import unicodedata

# Signs that look alike or differ by the keyboard alone.
ALIKE = str.maketrans("【〔〖〘[{】〕〗〙]}‘’`´“”‐‑–—−・•‧", "(((((())))))''''\"\"-----···")
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\ufe0e\ufe0f"  # no format signs to Unicode, yet never seen
CHINESE_FORM = re.compile(r"(?<!分)(股份)?(有限)?(责任)?公司$")
# Legal forms at the end of a name, written together: "S.A." is "sa", "Co., Ltd." is "co", "ltd".
LATIN_FORMS = set(
    """ab ag aps as bhd bv co company corp corporation eg ev gmbh inc incorporated kft kg kgaa
    limited llc llp lp ltd ltda mbh nv ohg oy oyj plc pte pty sa sarl sas sdn se sl spa srl
    ug""".split()
)
LEAST_PHONE = 7


def comparable(name):
    """The name as the eye compares it: without width, case, blanks and signs that are not seen.
    Equal forms are the same name."""
    return "".join(c for c in _folded(name) if not c.isspace())


def letters(text):
    """Letters and digits only, in one case: INV-2026/7 and inv 2026 7 are the same."""
    return "".join(c for c in _folded(text) if c.isalnum())


def near(name):
    """The name without punctuation and legal form: Acme Co., Ltd. and ACME Limited are near."""
    words = re.findall(r"\w+", re.sub(r"\b(\w)\.(?=\w\b)", r"\1", _folded(name)))
    while len(words) > 1 and words[-1] in LATIN_FORMS | {"and"}:
        words.pop()
    plain = letters("".join(words))
    return CHINESE_FORM.sub("", plain) or plain


def mail(address):
    return address.strip().casefold()


def phone(number):
    """The digits from the area code on; none where there are too few to tell anybody apart."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number)).lstrip("0")
    if digits.startswith("86") and len(digits) >= 12:
        digits = digits[2:].lstrip("0")
    return digits if len(digits) >= LEAST_PHONE else ""


def _folded(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(text)).casefold())
    seen = (c for c in folded if unicodedata.category(c) not in ("Cc", "Cf") or c.isspace())
    return "".join(c for c in seen if c not in UNSEEN).translate(ALIKE)
