"""The functions of an account.

Source: Function Compute 3.0, "ListFunctions" and "GetFunctionCode".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from judging.account.reading import Listing, Pages, Reader, text_of
from judging.preview import entries_of

__all__ = ["FUNCTIONS", "LISTINGS", "Function", "functions_of", "where_code_is"]

FUNCTIONS: Final = Listing(
    "fc", "ListFunctions", ("functions",), Pages.CHAINED, "/2023-03-30/functions"
)
LISTINGS: Final = (FUNCTIONS,)
"""All that is asked for, but for code: whoever sees what an account opens needn't see that."""


@dataclass(frozen=True)
class Function:
    """A function."""

    id: str
    """Its resource name: there are others of its name in other regions."""

    region: str
    name: str
    runtime: str
    vpc: str
    """The network that it reaches; empty of none."""


def functions_of(reader: Reader, region: str, vpc: str = "") -> tuple[Function, ...]:
    """The functions of a region, or of one network in it.

    Raises:
        UnreadError: they couldn't be read to their end.
    """
    every = (_function(region, one) for one in reader.listed(FUNCTIONS, region))
    return tuple(one for one in every if vpc in {"", one.vpc})


def where_code_is(reader: Reader, region: str, function: str) -> str:
    """The address that a function's code can be had from for a while, as a ZIP file.

    Empty, and a gap, where the right to it is missing.

    Raises:
        UnreadError: the cloud didn't say.
    """
    path = f"/2023-03-30/functions/{function}/code"
    listing = Listing("fc", "GetFunctionCode", (), Pages.ONE, path)
    return text_of(reader.told(listing, region), "url")


def _function(region: str, answer: Mapping[str, Any]) -> Function:
    return Function(
        id=text_of(answer, "functionArn"),
        region=region,
        name=text_of(answer, "functionName"),
        runtime=text_of(answer, "runtime"),
        vpc=text_of(entries_of(answer.get("vpcConfig")), "vpcId"),
    )
