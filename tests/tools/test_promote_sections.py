"""Promotion of whole sections, of secrets, and of files that are written in unusual ways."""

import shutil
from pathlib import Path

import pytest

from stack.file.yaml_file import YamlFile
from tests.docs.pages import ROOT
from tests.tools.promotions import Pair

SERVERLESS = ROOT / "examples" / "api-gateway" / "serverless"
SIZES = "functions.phone-lookup.memory=256 functions.phone-lookup.cpu=0.1"
ENCRYPTED = """\
  alicloud-gateways:functions:
    phone-lookup:
      environment:
        APP_CODE:
          secure: v1:c3RhZ2luZw==:b3du
"""
APIS = """\
  alicloud-gateways:apiGateway:
    groups:
      phone: {}
    apps:
      site: {}
"""
SECOND_DOOR = """\
  # Servers that are reached on their own.
  alicloud-gateways:unifiedEgress:
    publicIps:
      mail: {} # the mail server's
    servers:
      mail:
        host: ecs5
        publicIp: mail
        eni: {vswitch: apps, ip: 192.168.1.105}
        ssh: {closed: true}
        reachable:
          imaps: {port: 993}
"""
EGRESS = "    egress: {apps: {vswitch: apps, publicIps: [ip6]}}\n"
ENI = "unifiedEgress.servers.mail.eni"


@pytest.fixture
def functions(pair: Pair) -> Pair:
    """A function with a secret in dev, and APIs alone in staging."""
    shutil.copytree(SERVERLESS / "phone-lookup", pair.source.parent / "phone-lookup")
    shutil.copyfile(SERVERLESS / "Pulumi.serverless.yaml", pair.source)
    pair.target.write_text(
        "config:\n  alicloud:region: cn-beijing\n  alicloud-gateways:tier: staging\n"
        "  alicloud-gateways:topology: api-gateway # no functions yet\n" + APIS,
        encoding="utf-8",
    )
    pair.before = pair.text
    return pair


@pytest.fixture
def two_doors(pair: Pair) -> Pair:
    """Dev with a second topology, for which staging's ecs5 is ready."""
    pair.edit_dev("topology: shared-bandwidth", "topology: [shared-bandwidth, unified-egress]")
    for file in (pair.source, pair.target):
        text = file.read_text("utf-8")
        at = text.index("      ecs5: {") + len("      ecs5: {")
        end = text.index("}", at)
        file.write_text(
            text[:end] + ", instanceId: i-uf6abc, eniQuantity: 2" + text[end:], encoding="utf-8"
        )
    pair.source.write_text(pair.source.read_text("utf-8") + SECOND_DOOR, encoding="utf-8")
    pair.edit_dev("      ip4: {}\n", "      ip4: {}\n      ip6: {}\n")
    pair.edit_dev("    portMappings:\n", EGRESS + "    portMappings:\n")
    pair.before = pair.text
    return pair


def test_a_secret_isnt_moved_and_the_command_for_the_targets_own_is_told(functions: Pair) -> None:
    told = functions.refused("--set", SIZES)
    assert "needs 1 value of its own" in told
    assert (
        "pulumi config set --stack staging --secret --path "
        "'alicloud-gateways:functions.phone-lookup.environment.APP_CODE'" in told
    )
    assert "TGO27RWqxk" not in told


def test_a_secret_cant_be_given_on_the_command_line(functions: Pair) -> None:
    place = "functions.phone-lookup.environment.APP_CODE"
    told = functions.refused("--set", f"{SIZES} {place}=abc", code=1)
    assert f"{place} can't be given here" in told


def test_a_function_is_completed_around_the_targets_own_secret(functions: Pair) -> None:
    functions.edit_staging("config:\n", "config:\n" + ENCRYPTED)
    functions.edit_staging("{}\n    apps:", "{} # numbers\n    apps:")
    ended = functions.promote("--set", SIZES)
    assert ended.code == 0, ended.err
    values = functions.values("functions")["phone-lookup"]
    assert values["environment"]["APP_CODE"] == {"secure": "v1:c3RhZ2luZw==:b3du"}
    assert (values["memory"], values["cpu"], values["timeout"]) == (256, 0.1, 10)
    assert set(functions.values("topology")) == {"api-gateway", "functions"}
    assert "phone: {} # numbers" in functions.text
    assert "# no functions yet" in functions.text
    assert functions.check().code == 0


def test_no_secret_stands_in_the_document(functions: Pair) -> None:
    functions.edit_staging("config:\n", "config:\n" + ENCRYPTED)
    ended = functions.promote("--set", SIZES, "--format", "json")
    assert ended.code == 0
    assert "TGO27RWqxk" not in ended.out
    assert "c3RhZ2luZw" not in ended.out


def test_two_encrypted_values_are_no_difference(functions: Pair) -> None:
    shutil.copyfile(functions.source, functions.target)
    text = functions.text.replace("TGO27", "XXX27")
    functions.target.write_text(text, encoding="utf-8")
    assert functions.check().code == 0


def test_a_plain_value_isnt_put_in_an_encrypted_ones_place(functions: Pair) -> None:
    text = functions.source.read_text("utf-8").replace("APP_CODE:", "GREETING:")
    functions.target.write_text(text, encoding="utf-8")
    at, end = text.index("        GREETING:"), text.index("  alicloud-gateways:apiGateway")
    functions.source.write_text(text[:at] + "        GREETING: hi\n" + text[end:], encoding="utf-8")
    ended = functions.check("--format", "json")
    assert ended.code == 0, ended.err
    assert [one["target"] for one in ended.document["stays"]] == ["[secret]"]


def test_a_topology_that_only_the_source_has_comes_with_its_section(two_doors: Pair) -> None:
    ended = two_doors.promote("--set", f"{ENI}.vswitch=apps {ENI}.ip=10.20.1.105")
    assert ended.code == 0, ended.err
    assert two_doors.values("topology") == ["shared-bandwidth", "unified-egress"]
    section = SECOND_DOOR.replace("192.168.1.105", "10.20.1.105")
    assert two_doors.text.endswith(section)
    assert two_doors.check().code == 0


def test_a_topologys_section_waits_for_every_value_of_the_targets_own(two_doors: Pair) -> None:
    told = two_doors.refused()
    assert f"{ENI}.vswitch" in told
    assert f"{ENI}.ip" in told


def test_a_topology_that_only_the_target_has_stays_until_it_is_named(two_doors: Pair) -> None:
    before = two_doors.text
    given = f"{ENI}.vswitch=apps {ENI}.ip=10.20.1.105"
    assert two_doors.promote("--set", given).code == 0
    text = two_doors.source.read_text("utf-8").replace(SECOND_DOOR, "")
    text = text.replace("[shared-bandwidth, unified-egress]", "shared-bandwidth")
    two_doors.source.write_text(text, encoding="utf-8")

    ended = two_doors.check("--format", "json")
    assert ended.code == 1
    assert ended.document["onlyInTarget"] == ["topology.unified-egress"]
    assert two_doors.promote("--remove", "topology.unified-egress").code == 0
    assert two_doors.text.replace("  # Servers that are reached on their own.\n", "") == before


def test_an_anchor_that_would_carry_a_change_elsewhere_is_told(pair: Pair) -> None:
    pair.edit_staging(
        "      web: {publicIp: ip3, port: 80, host: ecs3}",
        "      web: &web {publicIp: ip3, port: 80, host: ecs3}",
    )
    pair.edit_staging(
        "      web-tls: {publicIp: ip3, port: 443, host: ecs4}",
        "      web-tls: {<<: *web, port: 443, host: ecs4}",
    )
    assert pair.check().code == 0  # it means the same
    pair.edit_dev("{publicIp: ip3, port: 80, protocol", "{publicIp: ip4, port: 80, protocol")
    told = pair.refused(code=1)
    assert "portMappings.web-tls would change along with it" in told
    assert "write out what its anchors stand for" in told


def test_an_entry_with_an_anchor_is_written_out_where_it_goes(pair: Pair) -> None:
    pair.edit_dev("      web: {publicIp", "      web: &web {publicIp")
    pair.edit_dev(
        "      web-tls:", "      shop: {<<: *web, port: 9000, hostPort: 9000}\n      web-tls:"
    )
    assert pair.promote().code == 0
    assert pair.values("sharedBandwidth")["portMappings"]["shop"] == {
        "publicIp": "ip3",
        "port": 9000,
        "protocol": "tcp",
        "host": "ecs3",
        "hostPort": 9000,
    }


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("examples/**/Pulumi.*.yaml")), ids=lambda f: f.stem
)
def test_every_example_is_in_step_with_itself(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # With the code that it names, beside it and further away.
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "Pulumi.yaml").touch()
    pair = Pair(tmp_path / file.parent.relative_to(ROOT), capsys)
    shutil.copyfile(file, pair.source)
    shutil.copyfile(file, pair.target)
    ended = pair.check("--format", "json")
    assert ended.code == 0, ended.err
    assert ended.document["moves"] == ended.document["stays"] == []


def test_what_the_file_says_beside_the_settings_stays(functions: Pair) -> None:
    functions.edit_staging(
        "  alicloud:region: cn-beijing\n",
        "  alicloud:region: cn-beijing\n  alicloud:profile: ops # theirs\n" + ENCRYPTED,
    )
    functions.target.write_text(functions.text + "encryptionsalt: v1:own\n", encoding="utf-8")
    assert functions.promote("--set", SIZES).code == 0
    top = YamlFile.read(functions.target).values
    assert isinstance(top, dict)
    assert top["encryptionsalt"] == "v1:own"
    assert "  alicloud:profile: ops # theirs\n" in functions.text
