"""A stack file that calls itself less than it is, reviewed by the real engine as users do."""

import pytest

from stack.command_line import REHEARSE_VARIABLE
from tests.lifecycle.account import Account

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]

RDP = "[mandatory] [severity: high]  nat-risky-ports"
MEANT = "open-port:* close-port:*"


def test_a_change_cant_bring_its_own_milder_judge_along(account: Account) -> None:
    account.environment[REHEARSE_VARIABLE] = "no"
    account.succeed("pulumi stack init prod")
    cloud = account.cloud()
    cloud.entry_seconds = 0.02
    cloud.close()
    account.succeed("make -s deploy STACK=prod", ALLOW=MEANT)

    # Only the stack file is changed, and then the table as well.
    account.edit("Pulumi.prod.yaml", "tier: production", "tier: development")
    more = "rdp: {publicIp: ip4, port: 3389, host: ecs5, acknowledged: true}"
    account.edit("Pulumi.prod.yaml", "      jump-host:", f"      {more}\n      jump-host:")
    for table in ("prod: production", "prod: development"):
        text = account.file("tiers.yaml").read_text(encoding="utf-8")
        account.file("tiers.yaml").write_text(
            text.replace("prod: production", table), encoding="utf-8"
        )
        stopped = account.run("make -s review STACK=prod", ALLOW=f"{MEANT} unprotect:*")
        assert stopped.code == 2
        assert "stopped by guard and policies" in stopped.out
        assert "lower-tier:alicloud-gateways-prod" in stopped.out
        assert RDP in stopped.out

    # Who owns the table and who starts the run can lower it together.
    meant = account.run("make -s review STACK=prod", ALLOW=f"{MEANT} unprotect:* lower-tier:*")
    assert RDP not in meant.out
    assert RDP.replace("mandatory", "advisory") in meant.out
    assert "stopped by" not in meant.out.splitlines()[0], meant.out
