"""A wire to the real PostgreSQL server that can be cut, held dead, or cut when so much or a certain
word was sent over it."""

import contextlib
import socket
import threading


class Wire:
    def __init__(self, host, port):
        self.behind, self.dead, self.word, self.left, self.sent, self.links = (
            (host, port),
            False,
            b"",
            None,
            0,
            [],
        )
        self.ear = socket.create_server(("127.0.0.1", 0))
        self.port = self.ear.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self):
        """Whoever is connected is so no longer."""
        links, self.links = self.links, []
        for link in links:
            _shut(link)

    def cut_at(self, word):
        """The next connection that sends this word is cut when the server has answered it, and does
        not see the answer."""
        self.word = word

    def cut_after(self, count):
        """All are cut, and nobody comes through any more, when so many bytes more were sent to the
        server."""
        self.left = count

    def mend(self):
        self.dead, self.left, self.sent = False, None, 0

    @contextlib.contextmanager
    def away(self):
        """The server cannot be reached."""
        self.dead = True
        self.cut()
        try:
            yield
        finally:
            self.dead = False

    def close(self):
        self.dead = True
        self.ear.close()
        self.cut()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                near, _address = self.ear.accept()
                if self.dead:
                    near.close()
                    continue
                pair = near, socket.create_connection(self.behind)
                self.links.extend(pair)
                state = {"doomed": False}
                for here, there, sends in ((*pair, True), (*pair[::-1], False)):
                    threading.Thread(
                        target=self._carry, args=(here, there, sends, state), daemon=True
                    ).start()

    def _carry(self, here, there, sends, state):
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                if sends and self.word and self.word in data:
                    self.word, state["doomed"] = b"", True
                elif not sends and state["doomed"]:
                    break
                if sends:
                    self.sent += len(data)
                if sends and self.left is not None and self.sent > self.left:
                    self.dead = True
                    self.cut()
                    break
                there.sendall(data)
        _shut(here), _shut(there)


def _shut(link):
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
