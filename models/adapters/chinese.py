"""Chinese as it sounds. pypinyin's table of phrases takes 44 MB, as each sign of each phrase has a
list of its own; here all signs that sound the same share one, and it takes half."""

import json
import os
import re
from pathlib import Path

os.environ |= {"PYPINYIN_NO_PHRASES": "yes", "PYPINYIN_NO_DICT_COPY": "yes"}  # it looks once

import pypinyin
from pypinyin import Style, lazy_pinyin

__all__ = "Style", "lazy_pinyin"
TABLE = Path(pypinyin.__file__).with_name("phrases_dict.json")
PHRASE = re.compile(r'"([^"]+)": (\[.*?\]\s*\])', re.DOTALL)


def phrases():
    """{phrase: [sounds of each sign]}, read one by one, since the whole would leave its holes in
    the memory."""
    shared = {}
    return {
        found[1]: [shared.setdefault(tuple(sounds), sounds) for sounds in json.loads(found[2])]
        for found in PHRASE.finditer(TABLE.read_text("utf-8"))
    }


pypinyin.load_phrases_dict(phrases())
