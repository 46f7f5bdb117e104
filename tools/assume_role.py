"""`python3 -m tools assume-role FILE`: a runner's own token for an hour or two of a RAM role.

For pipelines without a ready-made step for it, such as GitLab's. The keys are written to FILE as
`export` lines, readable by its owner alone, and never shown: `. FILE` takes them into a shell.

Reads ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN,
ALIBABA_CLOUD_ROLE_SESSION_NAME, and ALIBABA_CLOUD_ROLE_SESSION_EXPIRATION (in seconds).

Exit codes: 0 the file is written; 1 it isn't, and why.

Source: RAM's API reference, "AssumeRoleWithOIDC". The call needs no signature: the token is the
proof.
"""

import argparse
import json
import os
import shlex
import sys
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from stack.command_line import DONE, command
from stack.problems import NotDoneError

ENDPOINT = "https://sts.aliyuncs.com"
ENDPOINT_VARIABLE = "ALIBABA_CLOUD_STS_ENDPOINT"
_DEFAULT_SECONDS = "3600"
_TIMEOUT = 30
_LONGEST_NAME = 64
_NEEDED = (
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN",
)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="where the keys go")


@command("assume-role", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Write the keys to the file that the command line names; returns the exit code."""
    keys = assumed(os.environ)
    _write(options.file, keys)
    print(f"Acting as {os.environ['ALIBABA_CLOUD_ROLE_ARN']} until {keys['Expiration']}.")
    return DONE


def assumed(given: Mapping[str, str]) -> Mapping[str, str]:
    """The keys that the token is worth: AccessKeyId, AccessKeySecret, SecurityToken, Expiration.

    Raises:
        NotDoneError: something isn't set, or the role may not be assumed with this token.
    """
    missing = [name for name in _NEEDED if not given.get(name)]
    if missing:
        raise NotDoneError(f"{' and '.join(missing)} must be set: docs/pipelines.md says to what.")
    body = {
        "RoleArn": given["ALIBABA_CLOUD_ROLE_ARN"],
        "OIDCProviderArn": given["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"],
        "OIDCToken": given["ALIBABA_CLOUD_OIDC_TOKEN"],
        "RoleSessionName": given.get("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pipeline")[:_LONGEST_NAME],
        "DurationSeconds": given.get("ALIBABA_CLOUD_ROLE_SESSION_EXPIRATION") or _DEFAULT_SECONDS,
    }
    query = {
        "Action": "AssumeRoleWithOIDC",
        "Version": "2015-04-01",
        "Format": "JSON",
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "SignatureNonce": uuid.uuid4().hex,
    }
    answer = _post(f"{endpoint(given)}/?{urlencode(query)}", body)
    keys: Mapping[str, str] = answer["Credentials"]
    return keys


def endpoint(given: Mapping[str, str]) -> str:
    """Where the service is; a VPC has one of its own, which ACK names without `https`."""
    named = given.get(ENDPOINT_VARIABLE) or ENDPOINT
    return named if "://" in named else f"https://{named}"


def _post(url: str, body: Mapping[str, str]) -> dict[str, Any]:
    request = Request(url, data=urlencode(body).encode("utf-8"), method="POST")  # noqa: S310 - STS
    try:
        with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - as above
            document: dict[str, Any] = json.loads(answer.read())
            return document
    except HTTPError as error:
        raise NotDoneError(_reason(error.read())) from None
    except (URLError, OSError, ValueError) as error:
        raise NotDoneError(f"The security token service gave no answer: {error}") from None


def _reason(said: bytes) -> str:
    """The service's own words; it never repeats the token."""
    try:
        document: dict[str, Any] = json.loads(said)
        return f"The role can't be assumed: {document['Code']}: {document['Message']}"
    except (ValueError, KeyError):
        return "The role can't be assumed, and the security token service doesn't say why."


def _write(file: Path, keys: Mapping[str, str]) -> None:
    named = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": keys["AccessKeyId"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": keys["AccessKeySecret"],
        "ALIBABA_CLOUD_SECURITY_TOKEN": keys["SecurityToken"],
    }
    lines = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in named.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(lines)


if __name__ == "__main__":
    sys.exit(main())
