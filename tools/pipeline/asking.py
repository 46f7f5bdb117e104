"""The account that an environment names, asked about what a preview wants of it."""

from collections.abc import Mapping
from typing import Final

from judging.account.credentials import first
from judging.account.reading import Reader, UnreadError
from judging.account.transport import official
from judging.preflight.asking import Row
from judging.preflight.flight import rows_of
from judging.preflight.wanted import Wanted
from judging.preview import Preview

_REGIONS: Final = ("ALICLOUD_REGION", "ALIBABA_CLOUD_REGION")
"""Where the provider is, if the stack's configuration doesn't say so."""


def asked(preview: Preview, environment: Mapping[str, str], *, deploys: bool) -> list[Row]:
    """Every question that a preview raises, with its answer.

    Args:
        preview: what the update would do.
        environment: whose credentials are asked with, and where.
        deploys: whether they are those that the update will run with.

    Raises:
        UnreadError: there are none, or they aren't valid, or the account wasn't reached.
    """
    wanted = Wanted(preview, first(environment, _REGIONS))
    if not wanted.region:
        raise UnreadError(f"Which region? Neither alicloud:region nor {_REGIONS[0]} says so.")
    return rows_of(wanted, Reader(official(environment)), deploys=deploys)
