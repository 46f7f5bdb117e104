"""A function behind API Gateway: answers with the query that it was called with."""

import json
from typing import Any


def handler(event: bytes, _context: object) -> str:
    """Answer one call."""
    call: dict[str, Any] = json.loads(event)
    return json.dumps(
        {
            "isBase64Encoded": False,
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps(call.get("queryParameters", {})),
        }
    )
