"""What a mail address looks like; whether one exists only a mail can tell."""

import re

MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
