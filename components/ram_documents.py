"""Policy documents of Resource Access Management, as text. No component.

Source: Resource Access Management, "Policy structure and syntax".
"""

import json
from collections.abc import Mapping


def document(*statements: Mapping[str, object]) -> str:
    """A policy with these statements."""
    return json.dumps({"Version": "1", "Statement": statements}, separators=(",", ":"))


def trust(service: str) -> str:
    """Lets a service of the cloud, and nobody else, take a role: "fc.aliyuncs.com"."""
    return document(
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": [service]}}
    )
