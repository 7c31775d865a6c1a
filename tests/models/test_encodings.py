"""Which letters the bytes of a text are, where several encodings fit."""

import pytest

from models.adapters import tables


def test_known_heads_prove_an_encoding():
    text = "客户编号,客户名称\n1,Alpha Ltd\n2,Beta Ltd\n"
    found = tables.parse(text.encode("gb18030"), "x.csv", {"客户编号"})
    assert found.heads == ["客户编号", "客户名称"] and not found.questions


@pytest.mark.parametrize(
    "text, encoding",
    [
        ("name,city\n한국상사,서울\n테스트,부산\n", "euc_kr"),
        ("name;city\nАльфа ООО;Москва\nБета;Казань\n", "cp1251"),
        ("name;city\nŁódź Spółka;Kraków\nŻółw;Gdańsk\n", "cp1250"),
    ],
)
def test_letters_of_other_languages_are_asked(text, encoding):
    found = tables.parse(text.encode(encoding), "x.csv")
    asked = next(q for q in found.questions if q["name"] == "encoding")
    assert text.splitlines()[1] in dict(asked["alternatives"])[encoding][0][0]


@pytest.mark.parametrize("line", ["Alpha Ltd,€ 100 – “ok”", "Alpha – Beta,100 €"])
def test_signs_of_windows_are_no_letters(line):
    found = tables.parse(f"name,note\n{line}\n".encode("cp1252"), "x.csv")
    asked = [dict(q["alternatives"]) for q in found.questions]
    assert ",".join(found.rows[0][1]) == line or [line] in asked[0]["cp1252"]
