"""Downloads over http and https, politely and within bounds: of time, of size, of requests to a host.

Layer 1: imports errors and version only; the network's modules are imported by the functions that need them.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple

from compare.errors import ReadError
from compare.version import __version__

if TYPE_CHECKING:
    from http.client import HTTPResponse

# Bytes so far, and all of them where the server says how many.
Progress = Callable[[int, int | None], None]
MAX_BYTES, RETRIES, REDIRECTS = 50_000_000, 3, 5
_MOVED = {301, 302, 303, 307, 308}
# What may stand in an address; all else is percent-encoded.
_SAFE = "%/:=&?~#+!$,;'@()*[]"


class Fetched(NamedTuple):
    """A download: its checksum, its size in bytes, its first bytes."""

    sha256: str
    size: int
    head: bytes


class _PassingError(Exception):
    """Trouble that may be gone at the next try; ``wait`` is for how many seconds the server asks."""

    def __init__(self, what: str, wait: float = 0) -> None:
        super().__init__(what)
        self.wait = wait


def agent(contact: str = "") -> str:
    """How plandiff names itself to a server. Raises ReadError for a contact that no header can hold."""
    if not (contact.isascii() and contact.isprintable()):
        raise ReadError("--contact", "only printable ASCII can be sent", "give an e-mail address or a URL")
    return f"plandiff/{__version__}" + (f" (+{contact})" if contact else "")


def web_address(url: str) -> str:
    """``url`` with odd characters encoded. Raises ReadError unless it is http or https and names a host."""
    from urllib.parse import quote, urlsplit

    url = " ".join(url.split())
    try:
        plain, parts = quote(url, safe=_SAFE), urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        if host and not host.isascii():
            plain = plain.replace(quote(parts.netloc, safe=_SAFE), parts.netloc.encode("idna").decode(), 1)
    except ValueError as error:  # UnicodeError too
        raise ReadError(url, f"no web address ({error})", "give one that begins with https://") from None
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise ReadError(url, "no web address", "give one that begins with http:// or https://")
    return plain


@dataclass
class Fetcher:
    """Downloads, politely: at most one request in ``pause`` seconds to a host, whatever the reason for the request.

    ``timeout`` (s) is how long a server may stay silent, ``patience`` (s) how long one text may take in all.
    """

    user_agent: str
    timeout: float = 30
    patience: float = 600
    pause: float = 1
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, stream: Callable[[], IO[bytes]], progress: Progress | None = None) -> Fetched:
        """Downloads ``url`` into the file that ``stream`` opens (anew for each try).

        Server errors, silence and broken connections are tried again, at most ``RETRIES`` times. Raises ReadError
        where the address is none, the server refuses, redirects too often, sends too much, or never answers.
        """
        said: dict[str, None] = {}
        for attempt in range(RETRIES + 1):
            try:
                with stream() as out:
                    return self._once(url, out, progress)
            except _PassingError as trouble:
                said[str(trouble)] = None
                if attempt < RETRIES:
                    self.sleep(max(2.0**attempt, trouble.wait))
        raise ReadError(url, f"{', '.join(said)} ({RETRIES + 1} tries)", "try again later")

    def _once(self, url: str, out: IO[bytes], progress: Progress | None) -> Fetched:
        start, here = self.now(), url
        for _ in range(REDIRECTS + 1):
            with self._ask(here) as answer:
                if answer.status in _MOVED and answer.headers.get("Location"):
                    here = _next(here, answer.headers["Location"])
                    continue
                _check(url, answer)
                return self._copy(url, answer, out, start, progress)
        raise ReadError(url, f"more than {REDIRECTS} redirects", "check the address in a browser")

    def _ask(self, url: str) -> HTTPResponse:
        from http.client import HTTPException
        from urllib import request
        from urllib.parse import urlsplit

        address = web_address(url)
        self._turn(urlsplit(address).hostname or "")
        # Without the handlers of redirects, errors, files and FTP: what is answered is judged here.
        opener = request.OpenerDirector()
        for handler in (request.ProxyHandler(), request.HTTPHandler(), request.HTTPSHandler()):
            opener.add_handler(handler)
        asked = request.Request(address, headers={"User-Agent": self.user_agent, "Accept": "*/*"})
        try:
            # Names are looked up without any time limit, and headers may come byte by byte: three silences in all.
            return _within(3 * self.timeout, lambda: opener.open(asked, timeout=self.timeout))
        except (OSError, HTTPException, ValueError) as error:
            raise _judged(url, error) from None

    def _turn(self, host: str) -> None:
        wait = self._last.get(host, float("-inf")) + self.pause - self.now()
        if wait > 0:
            self.sleep(wait)
        self._last[host] = self.now()

    def _copy(self, url: str, answer: HTTPResponse, out: IO[bytes], start: float, progress: Progress | None) -> Fetched:
        from http.client import HTTPException

        total, size, head, digest = answer.length, 0, b"", hashlib.sha256()
        if total is not None and total > MAX_BYTES:
            raise _too_large(url)
        while True:
            try:
                piece = answer.read1(65536)
            except (OSError, HTTPException) as error:
                raise _judged(url, error) from None
            if not piece:
                break
            size += len(piece)
            if size > MAX_BYTES:
                raise _too_large(url)
            if self.now() - start > self.patience:
                raise ReadError(url, f"not done after {self.patience:g} s", "fetch it with a browser")
            head = (head + piece)[:1024] if len(head) < 1024 else head
            digest.update(piece)
            out.write(piece)
            if progress:
                progress(size, total)
        if total is not None and size < total:
            raise _PassingError(f"broken off after {size:,} of {total:,} bytes")
        if not size:
            raise ReadError(url, "the answer is empty", "check the address in a browser")
        return Fetched(digest.hexdigest(), size, head)


def _within(seconds: float, call: Callable[[], HTTPResponse]) -> HTTPResponse:
    """What ``call`` returns or raises. Raises TimeoutError where it does neither in time; it is then left to itself."""
    ended: list[HTTPResponse | Exception] = []

    def run() -> None:
        try:
            ended.append(call())
        except Exception as error:
            ended.append(error)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(seconds)
    if not ended:
        raise TimeoutError
    if isinstance(ended[0], Exception):
        raise ended[0]
    return ended[0]


def _next(url: str, location: str) -> str:
    """The address that a redirect names; http.client hands headers over as Latin-1, servers mean UTF-8."""
    from urllib.parse import quote, urljoin

    try:
        return urljoin(url, quote(location.encode("latin-1", "replace"), safe=_SAFE))
    except ValueError:
        raise ReadError(url, "redirects to no web address", "check the address in a browser") from None


def _check(url: str, answer: HTTPResponse) -> None:
    status, coding = answer.status, answer.headers.get("Content-Encoding", "identity").lower()
    if status >= 500 or status == 429:
        wait = answer.headers.get("Retry-After", "")
        raise _PassingError(f"the server answers {status}", min(float(wait), 60) if wait.isdecimal() else 0)
    if status != 200:
        raise ReadError(url, f"the server answers {status}", "check the address in a browser")
    if coding not in ("", "identity"):
        raise ReadError(url, f"the server sends {coding}, which was not asked for", "fetch it with a browser")


def _judged(url: str, error: Exception) -> Exception:
    """Silence and broken connections pass; an unknown host, a refusal or a bad certificate do not."""
    from http.client import BadStatusLine, IncompleteRead

    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return _PassingError("no answer in time")
    if isinstance(
        cause, (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, IncompleteRead, BadStatusLine)
    ):
        return _PassingError("the connection broke")
    reason = " ".join(str(getattr(cause, "strerror", None) or cause).split())
    return ReadError(url, f"cannot be reached ({reason})", "check the address and the connection")


def _too_large(url: str) -> ReadError:
    return ReadError(
        url, f"larger than {MAX_BYTES // 1_000_000} MB", "fetch it with a browser, then plandiff corpus add"
    )
