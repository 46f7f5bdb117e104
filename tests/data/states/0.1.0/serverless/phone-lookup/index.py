"""Where a mobile number is from: asks a service of the cloud's market, behind API Gateway.

The gateway calls `handler` with one JSON document for each request, and takes one back (API
Gateway, "Use Function Compute as the backend service").
"""

import json
import logging
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, TypedDict

SERVICE = "https://jshmgsdmfb.market.alicloudapi.com/shouji/query"
PATIENCE = 5  # seconds; the service answers in 1.2 on average, and the function may run for 10
_MOBILE = re.compile(r"1\d{10}")

log = logging.getLogger(__name__)


class Answer(TypedDict):
    """What the gateway takes from a function."""

    isBase64Encoded: bool
    statusCode: int
    headers: dict[str, str]
    body: str


def handler(event: bytes, _context: object) -> str:
    """Answer one request: the parameter `mob` has the number."""
    request: dict[str, Any] = json.loads(event)
    number = (request.get("queryParameters") or {}).get("mob", "")
    if not _MOBILE.fullmatch(number):
        return json.dumps(_answer(400, _refusal("mob is a mobile number: 11 digits, 1 first")))
    try:
        return json.dumps(_answer(200, _look_up(number)))
    except urllib.error.HTTPError as error:
        # 403 there is about our AppCode, which is not the caller's business.
        log.warning(
            "the service answered %s: %s", error.code, error.headers.get("X-Ca-Error-Message")
        )
    except OSError as error:
        log.warning("the service can't be reached: %s", error)
    return json.dumps(_answer(502, _refusal("the look-up service doesn't answer; try again")))


def _look_up(number: str) -> str:
    query = urllib.parse.urlencode({"shouji": number})
    code = os.environ["APP_CODE"]
    request = urllib.request.Request(  # noqa: S310 - the address is ours
        f"{os.environ.get('SERVICE', SERVICE)}?{query}",
        headers={"Authorization": f"APPCODE {code}"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
        return response.read().decode("utf-8")


def _refusal(message: str) -> str:
    return json.dumps({"message": message})


def _answer(status: int, body: str) -> Answer:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(isBase64Encoded=False, statusCode=status, headers=headers, body=body)
