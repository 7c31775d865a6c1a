"""What a mail address looks like; whether it exists shows only when mail is sent there."""

import re

# Not one that looks like an encoded word (=?…?=), which a header would decode.
MAIL = re.compile(r"(?!.*=\?)[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
NO_ADDRESS = re.compile(r"=\?|[@\s,;<>\"]")  # what stands in neither of its parts
