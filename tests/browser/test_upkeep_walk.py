"""In a real browser: the recovery sheet as it prints, and the first page of an empty machine."""

import datetime as dt

from playwright.sync_api import expect

from models.core.clock import now
from models.operations.announcement import Announcement
from models.operations.backup import Place
from models.people import Session
from tests.firm import Firm


def test_the_recovery_sheet_prints_the_key_and_where_the_backups_lie_and_nothing_else(
    browser, portal, served, tmp_path
):
    firm = Firm()
    Place.add(
        firm.ada,
        "cellar",
        "s3",
        {"bucket": "papers", "endpoint": "https://s3.example.test", "key_id": "AKIA7"},
        "hush",
    )
    Announcement.make(
        firm.ada, now() + dt.timedelta(hours=1), now() + dt.timedelta(hours=2), "new disk"
    )
    context = browser.new_context(base_url=portal)
    context.add_cookies(
        [
            {"name": "danju_sid", "value": Session.start(firm.ada), "url": portal},
            {"name": "language", "value": "en", "url": portal},
        ]
    )
    page = context.new_page()
    page.goto("/backups/sheet")
    page.get_by_role("button", name="Show the recovery key").click()
    page.emulate_media(media="print")
    expect(page.locator("a.help")).to_be_hidden()
    expect(page.get_by_role("button", name="I have printed it")).to_be_hidden()
    told = page.inner_text("main")
    assert "password or secret key of the location" in told
    assert (
        "new disk" not in told
        and "cellar" in told
        and "Bucket: papers" in told
        and "https://s3.example.test" in told
        and "AGE-S" in told
        and "hush" not in told
    )
    context.close()


def test_the_recovery_sheet_is_printed_by_its_button_and_put_away_only_after_a_question(
    browser, portal, served, tmp_path
):
    firm = Firm()
    Place.add(firm.ada, "cellar", "folder", {"path": str(tmp_path / "cellar")}, "")
    context = browser.new_context(base_url=portal)
    context.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
    context.add_cookies(
        [
            {"name": "danju_sid", "value": Session.start(firm.ada), "url": portal},
            {"name": "language", "value": "en", "url": portal},
        ]
    )
    page = context.new_page()
    page.goto("/backups/sheet")
    page.get_by_role("button", name="Show the recovery key").click()
    assert "password or secret key of the location" not in page.inner_text("main")
    page.get_by_role("button", name="Print", exact=True).click()
    assert page.evaluate("window.printed") == 1
    page.get_by_role("button", name="I have printed it").click()
    assert "not shown on this page again" in page.get_by_role("dialog").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.goto("/backups/sheet")
    page.get_by_role("button", name="Show the recovery key").click()
    assert "AGE-S" in page.inner_text("main")
    page.get_by_role("button", name="I have printed it").click()
    page.get_by_role("dialog").get_by_role("button", name="I have printed it").click()
    page.wait_for_url("**/backups/")
    page.goto("/backups/sheet")
    assert "AGE-S" not in page.inner_text("main")
    context.close()


def test_the_first_page_of_a_restore_fits_its_card(browser, portal):
    for width in (1280, 390):
        context = browser.new_context(base_url=portal, viewport={"width": width, "height": 900})
        page = context.new_page()
        page.goto("/setup/restore")
        card = page.locator(".plain-card").bounding_box()
        for button in page.locator(".plain-card [role=button]").all():
            box = button.bounding_box()
            assert box["x"] >= card["x"] and box["x"] + box["width"] <= card["x"] + card["width"], (
                button.inner_text()
            )
        context.close()


def test_a_second_drop_adds_to_the_first_and_the_same_file_counts_once(browser, portal, served):
    firm = Firm()
    context = browser.new_context(base_url=portal)
    context.add_cookies([{"name": "danju_sid", "value": Session.start(firm.li), "url": portal}])
    page = context.new_page()
    page.goto("/archive/files/new")
    for names in (["a.pdf"], ["b.pdf", "a.pdf"]):
        page.evaluate(
            """names => {
            const data = new DataTransfer();
            names.forEach((name) => data.items.add(new File(["x"], name, {lastModified: 1})));
            document.querySelector("[data-drop]").dispatchEvent(
                new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
            );
        }""",
            names,
        )
    assert page.evaluate(
        "[...document.querySelector('[data-drop] input').files].map((f) => f.name)"
    ) == ["a.pdf", "b.pdf"]
    context.close()


def test_a_file_that_is_too_large_is_told_of_before_it_is_sent(browser, portal, served):
    firm = Firm()
    context = browser.new_context(base_url=portal)
    context.add_cookies(
        [
            {"name": "danju_sid", "value": Session.start(firm.li), "url": portal},
            {"name": "language", "value": "zh", "url": portal},
        ]
    )
    page = context.new_page()
    page.goto("/archive/files/new")
    said = "document.querySelector('[data-drop] input').validationMessage"
    page.fill("[name=title]", "三张照片")
    page.set_input_files(
        "[name=file]",
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * (21 * 2**20)},
    )
    assert page.evaluate(said) == "单个文件不超过 20 MB，合计不超过 100 MB。"
    page.locator("main form button").last.click()
    assert (
        page.url.endswith("/archive/files/new") and page.input_value("[name=title]") == "三张照片"
    )
    page.set_input_files(
        "[name=file]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"}
    )
    assert page.evaluate(said) == ""
    context.close()
