"""A server on this machine that serves a folder as a mirror, logs every request, and misbehaves on command."""

import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PAGE = b"<!DOCTYPE html><html><body>You need an API key.</body></html>"


class RudeServer:
    """``misbehave[part of a path]`` is a list of what to do at the next requests for it; then it serves as it should."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.misbehave: dict[str, list[str]] = {}
        self.log: list[tuple[str, dict[str, str]]] = []
        self.slow = 0.0
        self._lock = threading.Lock()

    def next_for(self, path: str) -> str:
        with self._lock:
            for part, todo in self.misbehave.items():
                if part in path and todo:
                    return todo.pop(0)
        return ""

    @contextmanager
    def running(self):
        rude = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                # Whoever breaks off a connection is not waited for.
                with suppress(ConnectionError):
                    super().handle()

            def do_GET(self) -> None:
                rude.log.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                try:
                    self.answer()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def plain(self, status: int, body: bytes, **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def answer(self) -> None:
                url = urlsplit(self.path)
                todo, _, amount = rude.next_for(url.path).partition(":")
                if todo == "html":
                    return self.plain(200, PAGE, Content_Type="text/html")
                if todo == "redirect":
                    return self.plain(302, b"", Location=amount)
                if todo == "status":
                    status, _, wait = amount.partition(":")
                    return self.plain(int(status), b"busy", **({"Retry_After": wait} if wait else {}))
                path = rude.folder / url.path.lstrip("/")
                if offset := parse_qs(url.query).get("resultOffset"):
                    path = path.with_name(f"{path.name}.{offset[0]}")
                if not path.is_file():
                    return self.plain(404, b"no such file")
                body = path.read_bytes()
                if todo == "drift":
                    body = body[:-1] + bytes([body[-1] ^ 1])
                tag = f'"{len(body)}"'
                begin, status = 0, 200
                asked = self.headers.get("Range", "")
                if asked and self.headers.get("If-Range") == tag and todo != "ignore-range":
                    begin, status = int(asked.removeprefix("bytes=").rstrip("-")), 206
                    if todo == "wrong-range":
                        begin = 0
                self.send_response(status)
                self.send_header("ETag", tag)
                if status == 206:
                    self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
                send = body[begin:]
                self.send_header("Content-Length", str(len(send) + (7 if todo == "long" else 0)))
                self.end_headers()
                if todo in ("cut", "reset"):
                    self.wfile.write(send[: int(amount)])
                    self.wfile.flush()
                    self.close_connection = True
                    self.connection.close()
                    return None
                for at in range(0, len(send), 4096):
                    self.wfile.write(send[at : at + 4096])
                    if rude.slow:
                        self.wfile.flush()
                        time.sleep(rude.slow)
                if todo == "long":
                    self.close_connection = True
                return None

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
