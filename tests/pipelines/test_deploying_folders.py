"""Two stacks of one name, in two folders of one repository, deployed into one backend."""

import pytest

from stack.command_line import REHEARSE_VARIABLE
from tests.lifecycle.account import Account

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]

LIST = "stacks/shop: {dev: development}\nstacks/pay: {dev: development}\n"


def test_two_stacks_of_one_name_in_two_folders_share_neither_file_nor_state(
    account: Account,
) -> None:
    account.file("tiers.yaml").write_text(LIST, encoding="utf-8")
    text = account.file("Pulumi.dev.yaml").read_text(encoding="utf-8")
    for app, bandwidth in (("shop", 120), ("pay", 80)):
        file = account.file(f"stacks/{app}/Pulumi.dev.yaml")
        file.parent.mkdir(parents=True)
        assert "    bandwidth: 150" in text
        file.write_text(text.replace("    bandwidth: 150", f"    bandwidth: {bandwidth}"))
        # As docs/organisations.md has it.
        account.succeed(f"pulumi stack init {app}-dev")
        salt = account.file(f"Pulumi.{app}-dev.yaml")
        with file.open("a", encoding="utf-8") as stack_file:
            stack_file.write(salt.read_text(encoding="utf-8"))
        salt.unlink()
    cloud = account.cloud()
    cloud.entry_seconds = 0.02
    account.environment[REHEARSE_VARIABLE] = "no"
    said = account.succeed("make -s deploy STACK=shop-dev", ALLOW="open-port:*")
    assert "**Deployed.**" in said
    # In a rehearsal, too, the second one is itself.
    reviewed = account.run("make -s review STACK=pay-dev", ALLOW="open-port:*", REHEARSE="")
    assert "## pay-dev: " in reviewed.out
    assert "a second up changes nothing" in reviewed.out, "it was rehearsed"
    account.succeed("make -s deploy STACK=pay-dev", ALLOW="open-port:*")
    account.succeed("make -s drift STACK=shop-dev && make -s drift STACK=pay-dev")
    sizes = {
        (package.attributes["name"], package.attributes["bandwidth"])
        for package in cloud.all("common_bandwidth_package")
    }
    assert sizes == {("shop-dev-bandwidth", "120"), ("pay-dev-bandwidth", "80")}
    cloud.close()
    assert not account.file("Pulumi.shop-dev.yaml").exists()
