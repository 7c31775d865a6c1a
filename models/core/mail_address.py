"""What a mail address looks like; whether it exists shows only when mail is sent there."""

import re

MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
