"""A Chinese reader reads Chinese where the program speaks of itself: jobs, faults, devices."""

import ast
import re
from pathlib import Path

import pytest
from flask_babel import force_locale, gettext

from jobs import scheduler, worker
from models.core.lease import Lease
from views.refusals.faults import fault_sentence
from views.refusals.jobs import JOBS
from views.web.devices import device

CHINESE = re.compile("[\u4e00-\u9fff]")
WHERE_FAULTS_ARE = (
    "models/operations/checks.py",
    "models/core/journal/verify.py",
    "models/approvals/replay.py",
    "models/operations/backup/place_check.py",
    "models/adapters/search/rows.py",
)
FAULT = re.compile(
    r"missing|changed|gone|differs|\bsays\b|indexed|no event|used$|not the sum|unread"
)


def faults_in(path):
    """The sentences of a module, with something in place of each value."""
    for node in ast.walk(ast.parse(Path(path).read_text())):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else {"what": "PDF", "name": "seal"}.get(ast.unparse(part.value), "1")
                for part in node.values
            )
            if " " in text and FAULT.search(text):
                yield text


@pytest.mark.parametrize("path", WHERE_FAULTS_ARE)
def test_each_fault_that_a_check_finds_is_said_in_chinese(app, path):
    found = [text for text in faults_in(path) if "no copy of it is left" not in text]
    assert found
    with force_locale("zh"):
        assert [text for text in found if not CHINESE.search(fault_sentence(text))] == []
    with force_locale("en"):
        assert [text for text in found if fault_sentence(text) != text] == []


def test_each_job_has_a_name_in_both_languages(app):
    names = {name for _often, name, _verb in scheduler.table(app)}
    scheduler.schedule.clear()
    names |= {job for _thread, job, _verb in worker.WORKERS}
    assert names == set(JOBS)
    with force_locale("zh"), app.test_request_context():
        assert [name for name in JOBS.values() if not CHINESE.search(gettext(name))] == []


@pytest.mark.parametrize("path", ["/", "/status/"])
def test_a_job_that_failed_is_named_in_chinese(firm, sign_in, path):
    Lease.note("deliver mail", "NotSent: Could not connect")
    Lease.note("daily check", "Faults: file ab12: its bytes were changed")
    Lease.note("file by rule", "NotFiled: INV-1, INV-2")
    ada = sign_in(firm.ada)
    ada.set_cookie("language", "zh")
    page = ada.get(path).text
    assert "邮件发送：" in page and "文件 ab12：内容被改动" in page and "未能归档：INV-1" in page
    assert "its bytes" not in page and "deliver mail" not in page


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile MicroMessenger/8.0"


@pytest.mark.parametrize(
    "agent, english, chinese",
    [
        (WINDOWS, "Chrome on Windows", "Windows 上的 Chrome"),
        (IPHONE, "WeChat on iPhone", "iPhone 上的 微信"),
        ("Mozilla/5.0 (X11; Linux) Firefox/130.0", "Firefox on Linux", "Linux 上的 Firefox"),
        ("curl/8", "Other browser", "其他浏览器"),
    ],
)
def test_a_device_is_named_as_people_know_it(app, agent, english, chinese):
    with force_locale("en"):
        assert device(agent) == english
    with force_locale("zh"):
        assert device(agent) == chinese


def test_the_list_of_devices_shows_no_user_agent(firm, sign_in):
    ada = sign_in(firm.ada)
    page = ada.get("/sessions").text
    assert "Other browser" in page and "Mozilla" not in page


@pytest.mark.parametrize(
    "path, word",
    [
        ("/people/", "姓名"),
        ("/people/1/edit", "姓名"),
        ("/customers/1/contacts/new", "姓名"),
        ("/customers/", "客户名称"),
        ("/customers/new", "客户名称"),
        ("/settings/", "公司名称"),
        ("/products/new", "名称"),
    ],
)
def test_persons_companies_and_things_have_names_of_their_own_in_chinese(firm, sign_in, path, word):
    ada = sign_in(firm.ada)
    ada.set_cookie("language", "zh")
    labels = re.findall(r">\s*(\w*[名称姓]{2})\s*<", ada.get(path).text)
    assert word in labels and (word == "名称" or "名称" not in labels)
