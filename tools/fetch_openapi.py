"""`make fetch-openapi`: keeps a service's own Swagger or OpenAPI document beside the stack file.

A service that generates its document (SpringFox at /v2/api-docs, FastAPI at /openapi.json) is asked
for it, and the file is written where it differs: what a stack builds stands in version control, and
a change of the service shows in review before it reaches the gateway. What the operations become
isn't looked at here; `make plan` says that.

Says what changed. Exit codes: 0 the file is up to date, 1 anything else, and then the file is as it
was before.
"""

import http.client
import json
import os
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import yaml
from typing_extensions import override

from stack.command_line import Parser, tell
from stack.file.yaml_file import Value, is_date, meaning
from stack.markdown import visible
from tools.openapi_changes import changes, operations
from topologies.api_gateway.openapi.document import Document
from topologies.api_gateway.openapi.findings import Findings
from topologies.api_gateway.openapi.structure import version_of

DONE, FAILED = 0, 1
TIMEOUT = 30.0  # seconds, for the whole answer
LARGEST = 10 * 1024 * 1024  # bytes; a gateway's group holds 1,000 APIs, which fit many times
_CHUNK = 64 * 1024
_SUFFIXES = (".json", ".yaml", ".yml")
_ACCEPT = "application/json, application/yaml, text/yaml, */*;q=0.1"


class FetchError(Exception):
    """Why there is no document to write; `str()` says so and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the document that the command line names; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    file = Path(options.file)
    if file.suffix not in _SUFFIXES:
        parser.error(f"the file's name must end in {', '.join(_SUFFIXES)}: {file}")
    try:
        text = fetched(options.url, timeout=options.timeout)
        values = values_of(text, options.url)
        for line in update(file, values):
            print(visible(line))
    except FetchError as error:
        # What a server answers is in it, and may be meant for the terminal.
        tell("\n".join(map(visible, str(error).split("\n"))))
        return FAILED
    except OSError as error:
        tell(f"{file} can't be written: {error.strerror}.")
        return FAILED
    return DONE


def fetched(url: str, *, timeout: float = TIMEOUT, largest: int = LARGEST) -> str:
    """The text behind an http or https address.

    Raises:
        FetchError: it can't be had within the time, or is larger than `largest` bytes.
    """
    _judge(url)
    answers: Queue[str | FetchError] = Queue()

    def fetch() -> None:
        try:
            answers.put(_answer(url, timeout, largest))
        except FetchError as error:
            answers.put(error)

    # Names, connections, headers and bodies each have a wait of their own, and a server that sends
    # a byte now and then ends none. So the whole has an end of its own; the thread ends with us.
    threading.Thread(target=fetch, daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        answer = FetchError(f"{url} can't be fetched: it took longer than {timeout:g} seconds")
    if isinstance(answer, FetchError):
        raise answer
    return answer


def _answer(url: str, timeout: float, largest: int) -> str:
    request = urllib.request.Request(url, headers={"Accept": _ACCEPT})  # noqa: S310 - judged above
    try:
        with _opener().open(request, timeout=timeout) as answer:
            content = _content(answer, largest)
        return content.decode("utf-8-sig")
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"it answered {error.code} {error.reason}"
    except urllib.error.URLError as error:
        reason = f"{error.reason}. Is the service running?"
    except UnicodeDecodeError:
        reason = "its answer isn't UTF-8 text"
    except TimeoutError:
        reason = f"it took longer than {timeout:g} seconds"
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = str(error) or type(error).__name__
    raise FetchError(f"{url} can't be fetched: {reason}")


def values_of(text: str, source: str) -> dict[str, Value]:
    """The values of a document.

    Raises:
        FetchError: it isn't a Swagger or OpenAPI document.
    """
    suffix = ".json" if text.lstrip().startswith("{") else ".yaml"
    document = Document(Path(source + ("" if source.endswith(suffix) else suffix)), text)
    findings = Findings(document)
    problems = document.problems
    if not problems:
        version_of(findings)
        problems = findings.problems
    values = document.values
    if problems or not isinstance(values, dict):
        lines = [f"  line {p.line or 1}: {p.rule}; {p.remedy}" for p in problems]
        raise FetchError("\n".join([f"{source} isn't a document to build on:", *lines]))
    if not isinstance(values.get("paths"), dict):
        raise FetchError(f"{source} isn't a document to build on: it has no paths.")
    return values


def update(file: Path, values: dict[str, Value]) -> list[str]:
    """Write the document where it differs from the file, and say what changed.

    Order alone is no difference: generators don't always keep theirs.
    """
    if not file.exists():
        _write(file, rendered(values, file.suffix))
        return [f"{file}: written, {len(operations(values))} operations."]
    old = Document.read(file)
    if old.values == values and not old.problems:
        return [f"{file}: up to date, {len(operations(values))} operations."]
    before = old.values if isinstance(old.values, dict) else {}
    _write(file, rendered(values, file.suffix))
    return [f"{file}: written.", *(f"  {line}" for line in changes(before, values))]


def rendered(values: dict[str, Value], suffix: str) -> str:
    """A document as JSON or YAML, its keys in their order."""
    if suffix == ".json":
        return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(
        values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
    )


class _Dumper(yaml.SafeDumper):
    """Quotes what would be read as something else, and writes equal values out, without anchors."""

    @override
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _quoted(_: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if not isinstance(meaning(text), str) or is_date(text):
        style = '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


class CautiousRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects within http and https, and never from https to http."""

    @override
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        target = urlsplit(urljoin(req.full_url, newurl)).scheme
        if target not in {"http", "https"} or (req.type == "https" and target == "http"):
            raise FetchError(
                f"{req.full_url} redirects to {newurl}, which isn't followed. "
                "Fetch that address itself, if it is meant."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """An opener that knows http and https alone: no files, no ftp, no data addresses."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        CautiousRedirects(),
    ):
        opener.add_handler(handler)
    return opener


def _judge(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname
        _ = parts.port
    except ValueError as error:
        raise FetchError(f"{url} is no address: {error}.") from None
    if not known:
        raise FetchError(f"An address begins with http:// or https:// and a host: {url}")
    if parts.username is not None:
        raise FetchError("An address holds no user name and password: they end up in logs.")


def _content(answer: IO[bytes], largest: int) -> bytes:
    content = bytearray()
    while chunk := answer.read(_CHUNK):
        content += chunk
        if len(content) > largest:
            raise FetchError(
                f"The answer is larger than {largest} bytes, which no API's document is. "
                "Check the address."
            )
    return bytes(content)


def _write(file: Path, text: str) -> None:
    """Write all of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    trial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        trial.chmod(file.stat().st_mode if file.exists() else 0o644)
        trial.replace(file)
    except BaseException:
        trial.unlink(missing_ok=True)
        raise


def _parser() -> Parser:
    parser = Parser(
        prog="python -m tools fetch-openapi",
        description="Keep a service's Swagger or OpenAPI document in a file.",
    )
    parser.add_argument("--url", required=True, help="http://localhost:8080/v2/api-docs")
    parser.add_argument("--file", required=True, help="openapi/shop.yaml (or .json)")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds; 30 unless given")
    return parser


if __name__ == "__main__":
    sys.exit(main())
