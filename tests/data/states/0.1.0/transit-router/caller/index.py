"""Calls an API inside, without the internet, and tells what it answered.

The stack puts the API's address into the variable API_URL.
"""

import json
import os
import urllib.error
import urllib.request

PATIENCE = 5  # seconds


def handler(_event: bytes, _context: object) -> str:
    """Call once; the answer has the status and the body."""
    try:
        with urllib.request.urlopen(os.environ["API_URL"], timeout=PATIENCE) as response:  # noqa: S310 - the stack's own address
            return _told(response.status, response.read())
    except urllib.error.HTTPError as error:
        return _told(error.code, error.read())
    except OSError as error:
        return _told(None, str(error).encode())


def _told(status: int | None, body: bytes) -> str:
    return json.dumps({"status": status, "body": body.decode("utf-8", "replace")})
