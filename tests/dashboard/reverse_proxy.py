"""The least a reverse proxy can be: it serves a page under a path of its own, websockets too."""

import re
import socket
import socketserver
import threading


class ReverseProxy(socketserver.ThreadingTCPServer):
    """A proxy under ``root`` for the server at ``port``; ``strips`` = it takes ``root`` off the path."""

    daemon_threads = True

    def __init__(self, port: int, root: str, strips: bool) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.behind, self.root, self.strips = port, root, strips
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Passing(socketserver.StreamRequestHandler):
    """One request; the next comes on a connection of its own, so that each path is seen."""

    def handle(self) -> None:
        head = b"".join(iter(self.rfile.readline, b"\r\n"))
        if not head:
            return
        method, path, version = head.split(b"\r\n", 1)[0].split(b" ")
        root = self.server.root.encode()
        if not path.startswith(root + b"/"):
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return
        inner = path.removeprefix(root) if self.server.strips else path
        rest = head.split(b"\r\n", 1)[1]
        if b"upgrade: websocket" not in head.lower():
            rest = re.sub(rb"(?im)^connection:.*\r\n", b"", rest) + b"Connection: close\r\n"
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            behind.sendall(b" ".join((method, inner, version)) + b"\r\n" + rest + b"\r\n")
            threading.Thread(target=self.pass_on, args=(behind,), daemon=True).start()
            while data := behind.recv(65536):
                self.wfile.write(data)

    def pass_on(self, behind: socket.socket) -> None:
        try:
            while data := self.connection.recv(65536):
                behind.sendall(data)
        except OSError:
            return  # one of the two is gone
