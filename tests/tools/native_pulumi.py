"""A stand-in for Pulumi's CLI: one address is its whole stack, made by the cloud's official SDK.

It notes each call down, with its environment, and does wrong what `native.json` beside it says. It
is run by the Python of the tests, under the name `pulumi`.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(sys.argv[0]).parent


def cloud(action: str, **parameters: str) -> Any:
    """Call where the environment leads, by its keys and the authority that it trusts."""
    # It takes most of a second, which most commands needn't wait for.
    models = importlib.import_module("alibabacloud_vpc20160428.models")
    config = importlib.import_module("alibabacloud_tea_openapi.models").Config(
        endpoint=os.environ["ALIBABA_CLOUD_ENDPOINT_VPC"],
        protocol="HTTPS",
        ca=os.environ["SSL_CERT_FILE"],
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    )
    client = importlib.import_module("alibabacloud_vpc20160428.client").Client(config)
    name = "".join(f"_{one.lower()}" if one.isupper() else one for one in action)[1:]
    region = os.environ["ALIBABA_CLOUD_REGION"]
    asked = getattr(models, f"{action}Request")(region_id=region, **parameters)
    return getattr(client, name)(asked).body


def main(words: list[str]) -> int:
    """Do what the command line says; returns the exit code."""
    wrong: dict[str, Any] = json.loads((HERE / "native.json").read_text("utf-8"))
    with (HERE / "calls").open("a", encoding="utf-8") as calls:
        calls.write(json.dumps([words, dict(os.environ)]) + "\n")
    if words[:2] == ["plugin", "ls"]:
        sys.stdout.write(json.dumps(wrong["plugins"]))
    for part, code in wrong.get("ends", {}).items():
        if part in " ".join(words):
            return int(code)
    made = HERE / "made"
    if "up" in words and not made.exists() and not wrong.get("elsewhere"):
        made.write_text(cloud("AllocateEipAddress").allocation_id, "utf-8")
    if "destroy" in words and not wrong.get("leaves"):
        cloud("ReleaseEipAddress", allocation_id=made.read_text("utf-8"))
    if "export" in words:
        sys.stdout.write(json.dumps({"deployment": {"resources": wrong.get("state", [])}}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
