"""Files that keep their readers busy do not keep others from their work."""

import io
import threading

from app import serving
from models.adapters import received
from tests.firm import KEY
from tests.valid_forms import CASES
from views.web.idempotency import READERS


def test_half_of_the_threads_never_wait_for_a_file(app, firm, sign_in, monkeypatch):
    who, path, fields, _strangers = CASES["portal_disputes.say"](firm)
    assert serving(app.config)["threads"] // 2 >= READERS
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(data, *_):
        begun.release()
        go_on.wait(20)

    monkeypatch.setattr(received, "examined", slow)
    browsers = [sign_in(firm.anna) for _ in range(READERS + 1)]

    def send(number):
        sent = {**fields, "file": (io.BytesIO(b"x"), "a"), "idempotency_key": f"{KEY}{number}"}
        return browsers[number].post(path, data=sent, content_type="multipart/form-data")

    sending = [threading.Thread(target=send, args=[number]) for number in range(READERS)]
    for one in sending:
        one.start()
    try:
        assert all(begun.acquire(timeout=20) for _ in sending)
        answer = send(READERS)
        assert answer.status_code >= 400 and "Many files are being read" in answer.text, answer.text
        assert browsers[-1].get("/portal/").status_code == 200
    finally:
        go_on.set()
        for one in sending:
            one.join()
