"""All questions that a preview raises, asked of an account."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from judging.account.reading import Listing, Reader
from judging.preflight import entries, existing, names, networks, offered, quotas
from judging.preflight.asking import Account, Question, Row, answered
from judging.preflight.entries import entry_questions
from judging.preflight.existing import existing_questions, listing_of
from judging.preflight.names import ROLES, name_questions
from judging.preflight.networks import network_questions
from judging.preflight.offered import offered_questions
from judging.preflight.quotas import quota_questions
from judging.preflight.rights import right_questions
from judging.preflight.wanted import Wanted

LISTINGS: Final[tuple[Listing, ...]] = tuple(
    dict.fromkeys(
        (
            *existing.LISTINGS,
            *quotas.LISTINGS,
            *entries.LISTINGS,
            *networks.LISTINGS,
            *names.LISTINGS,
            *offered.LISTINGS,
        )
    )
)
"""All that is asked for, but for dry runs."""

_OF_EVERY_STACK: Final = "quotas"


def rights_for(services: Collection[str], ids: Iterable[str], *, roles: bool) -> set[str]:
    """The rights that a preflight takes, as RAM calls them.

    Args:
        services: those that the stack has something of, as RAM calls them: `vpc`, `cen`.
        ids: what it names and doesn't have itself.
        roles: whether it hands on roles that it doesn't make.
    """
    named = {found.right for one in ids if (found := listing_of(one))}
    named |= {ROLES.right} if roles else set()
    of = {*services, _OF_EVERY_STACK}
    return named | {one.right for one in LISTINGS if one.right.partition(":")[0] in of}


def rows_of(wanted: Wanted, reader: Reader, *, deploys: bool) -> list[Row]:
    """Every question with its answer.

    Args:
        wanted: what the update wants.
        reader: asks the account.
        deploys: whether it is asked by who will run the update: then its rights are tried as well.

    Raises:
        UnreadError: the account wasn't reached, or doesn't know who asks.
    """
    account = Account(reader)
    questions = [*_questions(wanted), *(right_questions(wanted) if deploys else ())]
    return [answered(question, account) for question in questions]


def _questions(wanted: Wanted) -> Iterator[Question]:
    """What is asked of a preview, in the order in which it is told."""
    yield from existing_questions(wanted)
    yield from offered_questions(wanted)
    yield from entry_questions(wanted)
    yield from network_questions(wanted)
    yield from name_questions(wanted)
    yield from quota_questions(wanted)
