"""How Chinese sounds: as pypinyin has it, in half of its memory."""

import json

import pypinyin

from models.adapters import chinese
from models.adapters.search.words import pinyin


def test_every_phrase_sounds_as_pypinyin_has_it():
    assert chinese.phrases() == json.loads(chinese.TABLE.read_text("utf-8"))
    assert pypinyin.constants.PHRASES_DICT.keys() == chinese.phrases().keys()
    assert pinyin("重庆银行") == ["cqyh", "chongqingyinhang"]


def test_signs_that_sound_alike_share_their_list():
    known = pypinyin.constants.PHRASES_DICT
    lists = {id(sounds): tuple(sounds) for signs in known.values() for sounds in signs}
    assert len(lists) == len(set(lists.values()))
