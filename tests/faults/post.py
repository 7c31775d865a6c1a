"""A real SMTP server on a socket that misbehaves as told: slow, 421, half of the recipients
refused, cut after the letter is handed over."""

import email
import email.policy
import socket
import threading
import time


class Post:
    """`had` are the letters that were handed over whole, whatever was answered; `taken` those that
    were answered by 250."""

    def __init__(self):
        self.link = socket.create_server(("127.0.0.1", 0))
        self.port = self.link.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.behave()
        self.had, self.taken, self.lock = [], [], threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    def behave(
        self, greet="220 here", rcpt=lambda to: "250 ok", data="250 kept", quit="221 bye", pause=0
    ):
        """`data` None: the link is cut when the letter has arrived; "silent": no answer comes any
        more."""
        self.greet, self.rcpt, self.data, self.quit, self.pause = greet, rcpt, data, quit, pause

    def _serve(self):
        while True:
            try:
                link, _ = self.link.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(link,), daemon=True).start()

    def _talk(self, link):
        with link, link.makefile("rwb") as line:

            def say(text):
                time.sleep(self.pause)
                line.write(f"{text}\r\n".encode())
                line.flush()

            try:
                say(self.greet)
                if not self.greet.startswith("220"):
                    return
                while word := line.readline().decode().strip():
                    verb = word[:4].upper()
                    if verb == "DATA":
                        say("354 go on")
                        body = b""
                        while (row := line.readline()) != b".\r\n":
                            body += row
                            if not row:
                                return
                        mail = email.message_from_bytes(body, policy=email.policy.default)
                        with self.lock:
                            self.had.append(mail)
                            if (self.data or "").startswith("250"):
                                self.taken.append(mail)
                        if self.data is None:
                            return
                        if self.data == "silent":
                            time.sleep(5)
                            return
                        say(self.data)
                    elif verb == "RCPT":
                        say(self.rcpt(word.partition("<")[2].rstrip(">")))
                    elif verb == "QUIT":
                        say(self.quit)
                        return
                    else:
                        say("250 ok")
            except OSError:
                pass

    def times(self, letters=None):
        """{recipient: how often a letter was handed over}"""
        found = {}
        for mail in self.had if letters is None else letters:
            found[mail["To"], mail["Message-ID"]] = (
                found.get((mail["To"], mail["Message-ID"]), 0) + 1
            )
        return found

    def close(self):
        self.link.close()
