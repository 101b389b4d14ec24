"""A server that speaks S3, on loopback, which can be made to fail, to go away and to come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import moto.settings
import obstore
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from obstore.store import S3Store
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

KEY, SECRET = "AKIAEXAMPLE0000000000", "a-secret-that-no-sentence-may-show"
Answer = Callable[..., Any]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@dataclass(slots=True)
class _Fault:
    method: str
    status: str
    after: int  # so many requests go well before


class Server:
    """What it keeps is kept while it is away, as a real store's disks would."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server: BaseWSGIServer | None = None
        self._thread = threading.Thread()
        self._faults: list[_Fault] = []
        self._made = 0
        self.port = 0
        self.asked: list[tuple[str, str]] = []  # method and path of every request

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def access(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }  # fmt: skip

    def start(self) -> None:
        """On the port that it had before, if it had one."""
        self._server = make_server(
            "127.0.0.1", self.port, self._answer, threaded=True, request_handler=_Quiet
        )
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def bucket(self) -> str:
        """The name of a new bucket."""
        self._made += 1
        name = f"photos-{self._made}"
        urlopen(Request(f"{self.url}/{name}", method="PUT"), timeout=10).close()
        return name

    def store(self, bucket: str) -> S3Store:
        """What is in a bucket, seen without our own code."""
        return S3Store(
            bucket, endpoint=self.url, access_key_id=KEY, secret_access_key=SECRET, region="us-east-1",
            client_options={"allow_http": True},
        )  # fmt: skip

    def files(self, bucket: str) -> dict[str, bytes]:
        store = self.store(bucket)
        paths = [one["path"] for page in obstore.list(store) for one in page]
        return {path: obstore.get(store, path).bytes().to_bytes() for path in sorted(paths)}

    @contextmanager
    def failing(self, method: str, status: str = "503 Slow Down", after: int = 0) -> Iterator[None]:
        """Answers every such request with that status, once so many have gone well."""
        fault = _Fault(method, status, after)
        self._faults.append(fault)
        try:
            yield
        finally:
            self._faults.remove(fault)

    @contextmanager
    def asking_for_keys(self) -> Iterator[None]:
        """From now on only keys that it knows are let in; it knows none."""
        before = moto.settings.INITIAL_NO_AUTH_ACTION_COUNT
        moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0
        try:
            yield
        finally:
            moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = before

    def _answer(self, environ: dict[str, Any], start_response: Answer) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        for fault in self._faults:
            if fault.method == method:
                if fault.after <= 0:
                    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                    start_response(fault.status, [("Content-Type", "application/xml")])
                    return [b"<Error><Code>SlowDown</Code></Error>"]
                fault.after -= 1
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer


@contextmanager
def server() -> Iterator[Server]:
    made = Server()
    made.start()
    try:
        yield made
    finally:
        made.stop()
