"""Chinese capitals against cn2an, for every amount up to 10^12."""

import cn2an
from hypothesis import given, settings
from hypothesis import strategies as st

from models.documents.words import in_words


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 10**12))
def test_whole_yuan_read_as_cn2an_reads_them(yuan):
    ours = in_words(yuan * 100, "CNY", "zh").removeprefix("人民币").removesuffix("元整")
    assert ours.replace("零", "") == cn2an.an2cn(yuan, "up").replace("零", "")
    assert cn2an.cn2an(ours, "smart") == yuan
