"""{words} in a text of the firm that are filled in for each letter."""

import re

from models.core.errors import refuse

PLACEHOLDER = re.compile(r"\{(\w+)\}")
BRACE = re.compile(r"\{[^{}\n]*\}?|\}")


def check_placeholders(text, known):
    """Refused for a {word} that is not among those known, or a brace alone: a customer would read
    it as it stands."""
    rest = re.sub("|".join(re.escape("{%s}" % name) for name in known) or "$^", "", text)
    if found := BRACE.search(rest):
        names = " ".join("{%s}" % name for name in known)
        refuse("placeholder_unknown" if known else "no_placeholders", word=found[0], known=names)


def fill_placeholders(text, facts):
    """The text with its placeholders filled in, in one go: braces in a fact stay as they are."""
    return PLACEHOLDER.sub(lambda m: str(facts.get(m[1], m[0])), text)
