"""What an id looks like in Pulumi's state: the cloud's own, or several of them with colons.

The provider's package says so for each resource, in the example of its import. It is read from the
installed version's files: importing the package would take seconds, and a table of ours would age.
"""

import importlib.util
import re
from pathlib import Path

PLAIN = "<id>"
"""The cloud's own id."""

_TOKEN = re.compile(r"alicloud:(?P<module>[a-z]+)/(?P<file>\w+):\w+")


def import_id_form(token: str) -> str:
    """The form of a resource's id, such as `<forward_table_id>:<forward_entry_id>`.

    Args:
        token: the resource's type, such as `alicloud:vpc/forwardEntry:ForwardEntry`.
    """
    source = _source(token)
    found = re.search(rf'pulumi import {re.escape(token)} \S+ "?(?P<id>[^\s"]+)', source)
    # An example that is one word says no more than that there is one.
    return found["id"] if found and ":" in found["id"] else PLAIN


def _source(token: str) -> str:
    named = _TOKEN.fullmatch(token)
    package = importlib.util.find_spec("pulumi_alicloud")
    if named is None or package is None or package.origin is None:
        return ""
    file = re.sub(r"(?<!^)(?=[A-Z])", "_", named["file"]).lower()
    path = Path(package.origin).parent / named["module"] / f"{file}.py"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
