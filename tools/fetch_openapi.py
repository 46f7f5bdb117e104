"""`make fetch-openapi`: keeps a service's own Swagger or OpenAPI document beside the stack file.

A service that generates its document (SpringFox at /v2/api-docs, FastAPI at /openapi.json) is asked
for it, and the file is written where it differs: what a stack builds stands in version control, and
a change of the service shows in review before it reaches the gateway. What the operations become
isn't looked at here; `make plan` says that.

Says what changed. Exit codes: 0 the file is up to date, 1 anything else, and then the file is as it
was before.
"""

import argparse
import http.client
import json
import os
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import yaml
from typing_extensions import override

from stack.command_line import DONE, command
from stack.file.yaml_file import Value, is_date, meaning
from stack.markdown import visible
from stack.problems import NotDoneError
from topologies.api_gateway.openapi.document import Document, Findings, table
from topologies.api_gateway.openapi.extensions import ANY_METHOD
from topologies.api_gateway.openapi.structure import version_of

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", ANY_METHOD)
_MOST_LISTED = 20  # operations of a kind; a whole new edition needn't fill the screen

Operations: TypeAlias = dict[str, Value]


def operations(values: Mapping[str, Value]) -> Operations:
    """Each operation by its method and path, with what its path says for all of them."""
    found: Operations = {}
    for path, item in table(values.get("paths")).items():
        shared = {key: value for key, value in table(item).items() if key not in _METHODS}
        for method in _METHODS:
            if method in table(item):
                word = "ANY" if method == ANY_METHOD else method.upper()
                found[f"{word} {path}"] = [table(item)[method], shared]
    return found


def changes(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    """A line for each change, operations first."""
    before, after = operations(old), operations(new)
    lines = _listed("added", [key for key in after if key not in before])
    lines += _listed("removed", [key for key in before if key not in after])
    lines += _listed("changed", [k for k in after if k in before and after[k] != before[k]])
    elsewhere = sorted(key for key in {*old, *new} - {"paths"} if old.get(key) != new.get(key))
    if elsewhere:
        lines.append(f"changed beside the operations: {', '.join(elsewhere)}")
    return lines


def _listed(what: str, keys: Sequence[str]) -> list[str]:
    lines = [f"{what}: {key}" for key in keys[:_MOST_LISTED]]
    if len(keys) > _MOST_LISTED:
        lines.append(f"{what}: and {len(keys) - _MOST_LISTED} more")
    return lines


TIMEOUT = 30.0  # seconds, for the whole answer
LARGEST = 10 * 1024 * 1024  # bytes; a gateway's group holds 1,000 APIs, which fit many times
_SUFFIXES = (".json", ".yaml", ".yml")
_ACCEPT = "application/json, application/yaml, text/yaml, */*;q=0.1"


class FetchError(NotDoneError):
    """Why there is no document to write; `str()` says so and what to do."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", required=True, help="http://localhost:8080/v2/api-docs")
    parser.add_argument(
        "--file", required=True, type=_named_file, help="openapi/shop.yaml (or .json)"
    )
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds; 30 unless given")


def _named_file(name: str) -> Path:
    file = Path(name)
    if file.suffix not in _SUFFIXES:
        message = f"the file's name must end in {', '.join(_SUFFIXES)}: {file}"
        raise argparse.ArgumentTypeError(message)
    return file


@command("fetch-openapi", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Fetch the document that the command line names; returns the exit code."""
    try:
        text = fetched(options.url, timeout=options.timeout)
        values = values_of(text, options.url)
        for line in update(options.file, values):
            print(visible(line))
    except FetchError as error:
        # What a server answers is in it, and may be meant for the terminal.
        raise FetchError("\n".join(map(visible, str(error).split("\n")))) from None
    except OSError as error:
        raise FetchError(f"{options.file} can't be written: {error.strerror}.") from None
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
            content = answer.read(largest + 1)
        if len(content) > largest:
            raise FetchError(
                f"The answer is larger than {largest} bytes, which no API's document is. "
                "Check the address."
            )
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


if __name__ == "__main__":
    sys.exit(main())
