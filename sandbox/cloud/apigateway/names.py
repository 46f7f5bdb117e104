"""Names and ids as API Gateway has them: without hyphens, and as long digests."""

import hashlib
import re

from sandbox.cloud.core import CloudError

__all__ = ["check_length", "check_name", "digest"]

_NAME = re.compile(r"[A-Za-z\u4e00-\u9fa5][A-Za-z0-9_\u4e00-\u9fa5]*")
_DIGEST_LENGTH = 32
LONGEST_DESCRIPTION = 180


def digest(drawn: str) -> str:
    """An id of 32 hexadecimal digits."""
    return hashlib.sha256(drawn.encode()).hexdigest()[:_DIGEST_LENGTH]


def check_name(name: object, what: str, longest: int = 50) -> None:
    """Refuse a name that the product refuses.

    Args:
        name: the name.
        what: what has it, as error codes call it: `GroupName`.
        longest: the most characters; the fewest are four.
    """
    text = str(name or "")
    if not _NAME.fullmatch(text) or not 4 <= len(text) <= longest:  # noqa: PLR2004 - published
        raise CloudError(
            f"Invalid{what}",
            f"{text!r} can't be a name here: 4 to {longest} letters, digits and underscores, the "
            "first of them a letter.",
        )


def check_length(text: object, longest: int = LONGEST_DESCRIPTION) -> None:
    """Refuse a description that is too long."""
    if len(str(text or "")) > longest:
        raise CloudError(
            "InvalidDescription", f"It has {len(str(text))} characters; {longest} fit."
        )
