"""A toll on the way to a real S3 server: passes what comes, or cuts, or says that the storage is
full, from the n-th write on."""

import http.client
import http.server
import threading

FULL = (
    b'<?xml version="1.0"?><Error><Code>XMinioStorageFull</Code><Message>Storage backend has '
    b"reached its minimum free drive threshold.</Message></Error>"
)


class Toll:
    def __init__(self, host, port):
        self.behind, self.mode, self.left, self.lock = (host, port), "pass", 0, threading.Lock()
        toll = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                """Silent."""

            def answer(self):
                toll.serve(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def behave(self, mode, after=0):
        """pass, or from the write after so many others: full (507), cut (nothing comes back); down:
        every request is cut; torn: half of what is read; torn once: half of the first answer that
        is read."""
        self.mode, self.left = mode, after

    def _bad(self, writes):
        with self.lock:
            if self.mode in ("pass", "torn", "torn once"):
                return False
            if self.mode == "down":
                return True
            if not writes:
                return False
            self.left -= 1
            return self.left < 0

    def serve(self, asked):
        length = int(asked.headers.get("Content-Length") or 0)
        body = asked.rfile.read(length) if length else b""
        if self._bad(asked.command in ("PUT", "POST")):
            if self.mode == "full":
                return self._say(asked, 507, {"Content-Type": "application/xml"}, FULL)
            asked.close_connection = True
            return asked.connection.close()
        link = http.client.HTTPConnection(*self.behind, timeout=20)
        try:
            link.request(
                asked.command,
                asked.path,
                body or None,
                {k: v for k, v in asked.headers.items() if k.lower() not in ("connection",)},
            )
            answer = link.getresponse()
            data = answer.read()
            headers = {
                k: v
                for k, v in answer.getheaders()
                if k.lower()
                not in (
                    "connection",
                    "transfer-encoding",
                    "content-length",
                    "keep-alive",
                    "date",
                    "server",
                )
            }
            if asked.command == "HEAD":
                headers["Content-Length"] = answer.getheader("Content-Length") or "0"
            torn = self.mode.startswith("torn") and asked.command == "GET" and len(data) > 500
            if torn and self.mode == "torn once":
                self.mode = "pass"
            self._say(asked, answer.status, headers, data, torn)
        finally:
            link.close()

    @staticmethod
    def _say(asked, status, headers, data, torn=False):
        asked.send_response(status)
        for name, value in headers.items():
            asked.send_header(name, value)
        if "Content-Length" not in headers:
            asked.send_header("Content-Length", str(len(data)))
        asked.end_headers()
        asked.wfile.write(data[: len(data) // 2] if torn else data)
        if torn:
            asked.close_connection = True

    def close(self):
        self.server.shutdown()
        self.server.server_close()
