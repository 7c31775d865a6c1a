"""Passwords that guessers try first, in Chinese offices too, and good ones that must pass."""

import pytest

from models.company import Company
from models.people import passwords

KNOWN = ("李明", "ming.li@huaxin.test", "华信商贸有限公司")

GUESSED = """
woaini123456 P@ssw0rd2026 Summer2026!!!! iloveyou2026! Aa123456789. zhangwei123456 limingliming1
mingli19880512 LiMing@20260101 Huaxin2026Huaxin hxsmyxgs2026 华信华信华信华信2026 shangmao@123456
qwertyuiop[] !QAZ@WSX#EDC 1q2w3e4r5t6y7u !Q@W#E$R%T^Y qweasdzxc123 poiuytrewq12 asdfghjkl;'1
1qaz@WSX3edc Michael19901224 Wangfang_1314520 W3lc0me2026!! Pa$$w0rd1234 1l0v3y0u2026 Shanghai#2025
zhangwei13812345678 woaizhongguo1 Qwer1234!@#$ abcd1234abcd1234 kuailekuaile 5201314woaini
Admin@123456 mima20262026 company2026!! Spring@2025!! jessica.123456
""".split()

GOOD = [
    "correct horse battery",
    "tulip 47 rides north",
    "summer rain over harbour 42",
    "k7#Qm2vR9xLp",
    "T9!wqz-Rk4vbn",
    "my 4 dogs eat 3 bones",
    "我们家的猫喜欢在雨天晒太阳",
    "李明的自行车停在楼下左边",
    "wo jia de mao xihuan xia yu tian",
    "gray teapot sings quietly",
    "lantern-orbit-velvet",
    "Zug fährt um 7 nach Ulm",
    "xq82vn0trkw5",
    "the quick brown fox",
    "plumcake4breakfast",
    "nine green bottles fell",
    "bicycle thief in autumn",
    "hu2Bf9Lw0sXe",
    "四月的雨落在旧书店门口",
    "moss on the north side",
    "dentist forgot umbrella",
]


@pytest.mark.parametrize("password", GUESSED)
def test_what_guessers_try_is_too_easy(password):
    assert passwords.easy(password, *KNOWN)


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_guesses_is_taken(password):
    assert not passwords.easy(password, *KNOWN)


def test_the_name_of_the_firm_by_its_sound_is_refused_when_it_is_set(firm):
    Company.update(name="北方机电", legal_name="").execute()
    assert firm.li._easy("beifangjidian8") and not passwords.easy("beifangjidian8")
