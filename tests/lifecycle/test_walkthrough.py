"""The walk-through, from top to bottom, by the commands that it gives its readers."""

import pytest

from tests.docs.pages import WALKTHROUGH
from tests.docs.walking import walk
from tests.lifecycle.account import Account

pytestmark = pytest.mark.engine


@pytest.mark.timeout(1800)
def test_the_walk_through_leads_from_a_laptop_to_three_environments(account: Account) -> None:
    author = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    committer = {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com"}
    account.environment.update(author | committer)
    account.succeed("git init -q . && git add -A && git commit -qm 'As cloned'")
    walk(WALKTHROUGH, account)
