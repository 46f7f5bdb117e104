"""A JSON API over HTTP, as far as comments and issues need one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

_SECONDS = 30
_PAGE = 100
_MOST_PAGES = 50
_LONGEST_REASON = 300


class ForgeError(Exception):
    """Why something couldn't be told; `str()` says so."""


@dataclass(frozen=True)
class Api:
    """One forge's API: where it is, and what every request has with it."""

    root: str
    headers: Mapping[str, str]

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """One request; returns what the answer holds.

        Raises:
            ForgeError: it was refused, or there was no answer.
        """
        data = None if body is None else json.dumps(body).encode("utf-8")
        headers = {"Content-Type": "application/json", "User-Agent": "alicloud-gateways"}
        request = Request(  # noqa: S310 - the root is the forge's own, from its runner
            f"{self.root.rstrip('/')}/{path}",
            data=data,
            headers={**headers, **self.headers},
            method=method,
        )
        try:
            with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            said = error.read(_LONGEST_REASON).decode("utf-8", "replace").strip()
            message = f"{method} {path} was refused ({error.code}): {said}"
            raise ForgeError(message) from None
        except (URLError, OSError, ValueError) as error:
            raise ForgeError(f"{method} {path} had no answer: {error}") from None

    def all(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page."""
        for page in range(1, _MOST_PAGES + 1):
            asked = urlencode({**query, "per_page": str(_PAGE), "page": str(page)})
            items: list[dict[str, Any]] = self.send("GET", f"{path}?{asked}")
            yield from items
            if len(items) < _PAGE:
                return
