"""The forms in which names, mail addresses, phones and tax ids are compared, so that a customer is
not entered twice. Import and bank matching compare by the same."""

import functools
import re
import unicodedata

from models.adapters.search import pinyin

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
LEAST_WORD, LEAST_LETTERS, LONG_CHINESE = 4, 6, 8  # letters of what may be mistyped
TELLING = set("一二三四五六七八九十东南西北中上下前后左右大小新老甲乙丙丁")
CHINESE_SIGN = re.compile("[\u4e00-\u9fff]")


def comparable(name):
    """The name as the eye compares it: without width, case, blanks and signs that are not seen.
    Equal forms are the same name."""
    return "".join(c for c in _folded(name) if not c.isspace())


def letters(text):
    """Letters and digits only, in one case: INV-2026/7 and inv 2026 7 are the same."""
    return "".join(c for c in _folded(text) if c.isalnum())


def near(name):
    """The name without punctuation and legal form: Acme Co., Ltd. and ACME Limited are near."""
    return "".join(_words(name))


@functools.lru_cache(50_000)
def _words(name):
    """The words of the name but for its legal form. Kept, as a file of customers compares each with
    all that begin like it."""
    words = re.findall(r"\w+", re.sub(r"\b(\w)\.(?=\w\b)", r"\1", _folded(name)))
    while len(words) > 1 and words[-1] in LATIN_FORMS | {"and"}:
        words.pop()
    words = [word for word in map(letters, words) if word]
    if words:
        words[-1] = CHINESE_FORM.sub("", words[-1]) or words[-1]
    return tuple(words)


def is_a_letter_apart(one, other):
    """Whether two names may be one, mistyped: one letter of a longer word differs, is missing or
    too much, or two are swapped. Of Chinese signs the sound is the same, or the name is long. What
    counts or tells apart, as 东 and 西, is no mistake."""
    words = _words(one), _words(other)
    own, their = ([w for w in some if w not in rest] for some, rest in (words, words[::-1]))
    if len(own) != 1 or len(their) != 1 or len(words[0]) != len(words[1]):
        return False
    letters_ = _differing_letters(own[0], their[0])
    if not letters_ or any(c.isdigit() or c in TELLING for c in letters_):
        return False
    shorter = min(own[0], their[0], key=len)
    if not any(CHINESE_SIGN.match(c) for c in letters_):
        return len(shorter) >= LEAST_WORD and min(map(len, map("".join, words))) >= LEAST_LETTERS
    if len(own[0]) != len(their[0]):
        return len(shorter) >= LEAST_WORD
    same_sound = pinyin(own[0])[1:] == pinyin(their[0])[1:]
    return len(shorter) >= (LEAST_WORD if same_sound else LONG_CHINESE)


def _differing_letters(one, other):
    """The letters by which the words differ, where that is one mistake in typing."""
    if len(one) == len(other):
        places = [i for i, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        swapped = len(places) == 2 and places[1] == places[0] + 1
        swapped = swapped and sorted(one) == sorted(other)
        found = "".join(one[i] + other[i] for i in places)
        return found if swapped or len(places) == 1 else ""
    shorter, longer = sorted((one, other), key=len)
    for i in range(len(longer)):
        if longer[:i] + longer[i + 1 :] == shorter:
            return longer[i]
    return ""


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
