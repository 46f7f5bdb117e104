"""`make cloud` as a process: what SDKs of both generations do to it, and what becomes of it."""

import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox.api import location, quotas, ram, sts, vpc
from sandbox.api.server import listening
from sandbox.paths import SANDBOX_VARIABLE
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import REGION, Served, served
from tests.sandbox.api.official import models_of
from tests.sandbox.api.world_account import TRUST
from tools.cloud import main

MODELS = models_of(vpc.PRODUCT)
STACK_FILE = ROOT / "Pulumi.dev.yaml"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("cloud"), STACK_FILE) as one:
        yield one


def get(address: str, path: str = "/") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def ask(name: str, **attributes: Any) -> Any:
    """A request of the official SDK's."""
    return getattr(MODELS, f"{name}Request")(**attributes)


def test_the_official_sdk_leads_a_network_through_its_whole_life(cloud: Served) -> None:
    sdk = cloud.official()
    vpc = sdk.create_vpc(ask("CreateVpc", region_id=REGION, cidr_block="10.0.0.0/8")).body.vpc_id
    vswitch = sdk.create_vswitch(
        ask(
            "CreateVSwitch",
            region_id=REGION,
            vpc_id=vpc,
            cidr_block="10.0.0.0/24",
            zone_id="cn-shanghai-a",
        )
    ).body.v_switch_id
    gateway = sdk.create_nat_gateway(
        ask(
            "CreateNatGateway",
            region_id=REGION,
            vpc_id=vpc,
            v_switch_id=vswitch,
            nat_type="Enhanced",
            tag=[MODELS.CreateNatGatewayRequestTag(key="team", value="shop")],
        )
    ).body
    table = gateway.forward_table_ids.forward_table_id[0]
    eip = sdk.allocate_eip_address(ask("AllocateEipAddress", region_id=REGION)).body
    package = sdk.create_common_bandwidth_package(
        ask("CreateCommonBandwidthPackage", region_id=REGION, bandwidth=150)
    ).body.bandwidth_package_id
    packed = {"bandwidth_package_id": package, "ip_instance_id": eip.allocation_id}
    sdk.add_common_bandwidth_package_ip(ask("AddCommonBandwidthPackageIp", **packed))
    bound = {"allocation_id": eip.allocation_id, "instance_id": gateway.nat_gateway_id}
    sdk.associate_eip_address(ask("AssociateEipAddress", **bound, instance_type="Nat"))
    entry = sdk.create_forward_entry(
        ask(
            "CreateForwardEntry",
            region_id=REGION,
            forward_table_id=table,
            external_ip=eip.eip_address,
            external_port="80",
            internal_ip="10.0.0.9",
            internal_port="8080",
            ip_protocol="tcp",
        )
    ).body.forward_entry_id
    which = {"forward_table_id": table, "forward_entry_id": entry}
    sdk.modify_forward_entry(ask("ModifyForwardEntry", **which, forward_entry_name="web"))

    listed = sdk.describe_forward_table_entries(
        ask("DescribeForwardTableEntries", region_id=REGION, forward_table_id=table)
    ).body
    (row,) = listed.forward_table_entries.forward_table_entry
    assert (row.forward_entry_id, row.forward_entry_name) == (entry, "web")
    assert (row.external_port, row.internal_port, row.status) == ("80", "8080", "Available")
    (told,) = sdk.describe_nat_gateways(
        ask("DescribeNatGateways", region_id=REGION, vpc_id=vpc)
    ).body.nat_gateways.nat_gateway
    assert [(tag.tag_key, tag.tag_value) for tag in told.tags.tag] == [("team", "shop")]
    assert [one.ip_address for one in told.ip_lists.ip_list] == [eip.eip_address]
    # The same in the store, which `make up` works on from a process of its own.
    assert cloud.store.look("forward_entry", entry, region=REGION)

    sdk.delete_forward_entry(ask("DeleteForwardEntry", **which))
    sdk.unassociate_eip_address(ask("UnassociateEipAddress", **bound))
    sdk.remove_common_bandwidth_package_ip(ask("RemoveCommonBandwidthPackageIp", **packed))
    sdk.release_eip_address(ask("ReleaseEipAddress", allocation_id=eip.allocation_id))
    sdk.delete_common_bandwidth_package(
        ask("DeleteCommonBandwidthPackage", bandwidth_package_id=package)
    )
    sdk.delete_nat_gateway(ask("DeleteNatGateway", nat_gateway_id=gateway.nat_gateway_id))
    sdk.delete_vswitch(ask("DeleteVSwitch", v_switch_id=vswitch))
    sdk.delete_vpc(ask("DeleteVpc", vpc_id=vpc))
    assert get(cloud.address) == (200, "nothing yet\n")


def test_the_command_line_is_led_here_for_every_product(cloud: Served) -> None:
    assert cloud.exported["ALIBABA_CLOUD_ENDPOINT"] == cloud.address


def test_the_official_sdks_let_a_user_in_who_takes_a_role(cloud: Served) -> None:
    said, users = models_of(ram.PRODUCT), cloud.official(ram.PRODUCT)
    read = {"policy_name": "AliyunVPCReadOnlyAccess", "policy_type": "System"}
    take = {"policy_name": "AliyunSTSAssumeRoleAccess", "policy_type": "System"}
    users.create_user(said.CreateUserRequest(user_name="anna"))
    users.attach_policy_to_user(said.AttachPolicyToUserRequest(user_name="anna", **take))
    key = users.create_access_key(said.CreateAccessKeyRequest(user_name="anna")).body.access_key
    tag = said.CreateRoleRequestTag(key="team", value="shop")
    users.create_role(
        said.CreateRoleRequest(role_name="ops", assume_role_policy_document=TRUST, tag=[tag])
    )
    users.attach_policy_to_role(said.AttachPolicyToRoleRequest(role_name="ops", **read))
    named = {"resource_type": "role", "resource_names": ["ops"]}
    (tagged,) = users.list_tag_resources(said.ListTagResourcesRequest(**named)).body.tag_resources
    assert (tagged.tag_key, tagged.tag_value) == ("team", "shop")

    pair = (key.access_key_id, key.access_key_secret)
    sts_sdk = cloud.official(sts.PRODUCT, key=pair)
    assert sts_sdk.get_caller_identity().body.arn.endswith(":user/anna")
    with pytest.raises(Exception, match="not authorized") as caught:
        cloud.official(vpc.PRODUCT, key=pair).describe_vpcs(ask("DescribeVpcs", region_id=REGION))
    assert getattr(caught.value, "code", "") == "Forbidden.RAM"
    role = f"acs:ram::{cloud.exported['ALIBABA_CLOUD_ACCOUNT_ID']}:role/ops"
    request = models_of(sts.PRODUCT).AssumeRoleRequest(role_arn=role, role_session_name="night")
    made = sts_sdk.assume_role(request).body.credentials
    taken = (made.access_key_id, made.access_key_secret)
    session = cloud.official(vpc.PRODUCT, key=taken, token=made.security_token)
    assert session.describe_vpcs(ask("DescribeVpcs", region_id=REGION)).body.total_count == 0

    users.untag_resources(said.UntagResourcesRequest(**named, tag_keys=["team"]))
    users.detach_policy_from_role(said.DetachPolicyFromRoleRequest(role_name="ops", **read))
    users.update_role(said.UpdateRoleRequest(role_name="ops", new_description="at night"))
    assert users.get_role(said.GetRoleRequest(role_name="ops")).body.role.description == "at night"
    users.delete_role(said.DeleteRoleRequest(role_name="ops"))
    users.detach_policy_from_user(said.DetachPolicyFromUserRequest(user_name="anna", **take))
    gone = said.DeleteAccessKeyRequest(user_name="anna", user_access_key_id=key.access_key_id)
    users.delete_access_key(gone)
    users.delete_user(said.DeleteUserRequest(user_name="anna"))
    assert get(cloud.address) == (200, "nothing yet\n")


def test_the_official_sdk_lists_quotas(cloud: Served) -> None:
    request = models_of(quotas.PRODUCT).ListProductQuotasRequest(product_code="vpc")
    told = cloud.official(quotas.PRODUCT).list_product_quotas(request).body
    assert {one.quota_action_code for one in told.quotas} >= {"vpcs_per_region"}


def test_the_sdk_before_it_finds_the_server_by_location(cloud: Served) -> None:
    said = {"ServiceCode": "vpc", "Id": REGION, "Type": "openAPI"}
    told = cloud.former("DescribeEndpoints", version=location.PRODUCT.version, **said)
    assert told["Endpoints"]["Endpoint"][0]["Endpoint"] == cloud.address


def test_the_official_sdk_understands_refusals(cloud: Served) -> None:
    with pytest.raises(Exception, match="doesn't exist") as caught:
        cloud.official().delete_vpc(ask("DeleteVpc", vpc_id="vpc-x", region_id=REGION))
    assert getattr(caught.value, "code", "") == "InvalidVpcId.NotFound"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_sdk_before_it_signs_as_the_cloud_had_it_then(cloud: Served, method: str) -> None:
    made = cloud.former("AllocateEipAddress", method, Name="a b*~/+é")
    what = {"AllocationId": made["AllocationId"]}
    (row,) = cloud.former("DescribeEipAddresses", method, **what)["EipAddresses"]["EipAddress"]
    assert row["Name"] == "a b*~/+é"
    cloud.former("ReleaseEipAddress", method, **what)
    assert cloud.former("DescribeEipAddresses", **what)["TotalCount"] == 0


def test_the_account_tells_what_it_holds_by_number_alone(cloud: Served) -> None:
    made = cloud.former("AllocateEipAddress")
    assert get(cloud.address) == (200, "cn-shanghai eip_address 1\n")
    cloud.former("ReleaseEipAddress", AllocationId=made["AllocationId"])


def test_many_clients_at_once_are_each_answered(cloud: Served) -> None:
    def live(_: int) -> str:
        made = cloud.former("AllocateEipAddress")["AllocationId"]
        cloud.former("ReleaseEipAddress", AllocationId=made)
        return made

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(live, range(40)))) == 40


def test_a_slow_client_keeps_nobody_waiting(cloud: Served) -> None:
    host, _, port = cloud.address.partition(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(50)]
    for one in slow:
        one.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\nAction=")
    began = time.monotonic()
    assert get(cloud.address)[0] == 200
    assert time.monotonic() - began < 5
    for one in slow:
        one.close()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/?Action=DescribeVpcs&Version=2016-04-28&Format=JSON", "MissingAccessKeyId"),
        ("/2023-03-30/functions", "MissingAuthorization"),
        ("/?%00=%ff&Action=%ff&Format=JSON", "MissingAccessKeyId"),
        ("/two%0Alines", "MissingAuthorization"),
        ("/?" + "a=&" * 6000, "InvalidParameter"),
    ],
)
def test_whatever_is_asked_is_answered_as_the_cloud_answers(
    cloud: Served, path: str, code: str
) -> None:
    status, words = get(cloud.address, path)
    assert status == 400
    assert f'"Code":"{code}"' in words


@pytest.mark.parametrize(
    ("request_line", "body", "code"),
    [
        (b"POST /", b"{", b"InvalidParameter"),
        (b"OPTIONS *", b"", b"MissingAuthorization"),
        (b"SING /", b"", b"MissingAccessKeyId"),
        (b"GET http://elsewhere/", b"", b"MissingAuthorization"),
    ],
)
def test_an_odd_request_is_answered_as_the_cloud_answers(
    cloud: Served, request_line: bytes, body: bytes, code: bytes
) -> None:
    head = b"HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json"
    length = b"Content-Length: %d" % len(body)
    host, _, port = cloud.address.partition(":")
    with socket.create_connection((host, int(port)), 10) as client:
        client.sendall(b"%s %s\r\n%s\r\n\r\n%s" % (request_line, head, length, body))
        assert code in client.makefile("rb").read()


def test_ten_megabytes_are_refused(cloud: Served) -> None:
    request = urllib.request.Request(
        f"http://{cloud.address}/?Format=JSON", data=b"x" * 10_000_000, method="POST"
    )
    with pytest.raises((urllib.error.HTTPError, ConnectionError, urllib.error.URLError)) as caught:
        urllib.request.urlopen(request, timeout=30)
    if isinstance(caught.value, urllib.error.HTTPError):
        assert caught.value.code == 413
    assert get(cloud.address)[0] == 200


def test_a_lost_answer_is_a_broken_connection_after_the_deed(cloud: Served) -> None:
    before = len(cloud.store.all("eip_address"))
    cloud.store.faults.lose_answer("create", kind="eip_address")
    with pytest.raises(Exception, match=r"(?i)connection|ended prematurely"):
        cloud.official().allocate_eip_address(ask("AllocateEipAddress", region_id=REGION))
    assert len(cloud.store.all("eip_address")) == before + 1
    for eip in cloud.store.all("eip_address"):
        cloud.store.delete("eip_address", eip.id)


# --- one of its own -------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_one_that_was_ended_goes_on_with_the_same_key(tmp_path: Path, end: signal.Signals) -> None:
    with served(tmp_path, STACK_FILE) as first:
        made = first.former("AllocateEipAddress")
        first.process.send_signal(end)
        first.process.wait(20)
    with served(tmp_path, STACK_FILE) as second:
        assert second.key == first.key
        (row,) = second.former("DescribeEipAddresses")["EipAddresses"]["EipAddress"]
        assert row["AllocationId"] == made["AllocationId"]


def test_one_that_the_faults_want_dead_dies_before_it_acts(tmp_path: Path) -> None:
    with served(tmp_path, STACK_FILE) as one:
        one.store.faults.kill("create", when="before")
        with pytest.raises(Exception, match=r"(?i)connection|read|closed"):
            one.former("AllocateEipAddress")
        assert one.process.wait(20) == -signal.SIGKILL
        assert not one.store.all("eip_address")


def test_the_log_has_neither_secret_nor_signature(tmp_path: Path) -> None:
    with served(tmp_path, STACK_FILE) as one:
        one.former("DescribeVpcs")
    log = (tmp_path / "log").read_text("utf-8")
    assert re.search(r"^\d\d:\d\d:\d\d DescribeVpcs root OK [0-9A-F-]{36}$", log, re.MULTILINE)
    assert one.key.secret not in log
    assert one.key.id not in log


def test_calls_are_answered_when_nobody_reads_the_log_any_more(tmp_path: Path) -> None:
    with served(tmp_path, STACK_FILE, log=subprocess.PIPE) as one:
        assert one.process.stderr is not None
        one.process.stderr.close()
        one.former("AllocateEipAddress", RegionId=REGION)
        assert len(one.store.all("eip_address")) == 1


@pytest.mark.usefixtures("apart")
def test_a_port_that_somebody_has_is_refused_with_a_way_out(
    cloud: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(STACK_FILE), "--port", cloud.address.partition(":")[2]]) == 1
    said = capsys.readouterr()
    assert "can't be had (Address already in use); PORT=0 takes any port that is free" in said.err
    assert not said.out


@pytest.mark.parametrize("words", [[], ["--reached-by", "me"]])
def test_an_address_that_others_reach_is_refused_unless_it_is_meant(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--listen", "192.0.2.7", *words]) == 1
    said = capsys.readouterr()
    assert "Other machines reach 192.0.2.7" in said.err
    assert "REACHED_BY=others" in said.err
    assert not said.out


@pytest.mark.usefixtures("apart")
def test_an_address_that_is_meant_is_listened_on(capsys: pytest.CaptureFixture[str]) -> None:
    # It is nobody's, so that nobody is served.
    assert main(["--listen", "192.0.2.7", "--reached-by", "others"]) == 1
    assert "192.0.2.7:0 can't be had" in capsys.readouterr().err


def test_another_address_of_the_machine_is_served_with_its_own_certificate(tmp_path: Path) -> None:
    with served(tmp_path, STACK_FILE, "--listen", "127.0.0.2") as one:
        assert one.address.startswith("127.0.0.2:")
        models = MODELS.DescribeVpcsRequest(region_id=REGION)
        assert one.official(protocol="HTTPS").describe_vpcs(models).body.total_count == 0


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "localhost", "192.168.1", "x"]
)
def test_a_host_that_is_no_address_to_call_is_refused(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--listen={host}"])
    assert ended.value.code == 1
    assert "is no address of IPv4" in capsys.readouterr().err


def test_a_rate_that_was_told_slows_callers_down(tmp_path: Path) -> None:
    def often(one: Served) -> None:
        # Two of which come within a second, however busy the machine is.
        for _ in range(30):
            one.former("DescribeVpcs")

    with (
        served(tmp_path, STACK_FILE, "--rate", "1") as one,
        pytest.raises(Exception, match=r"Throttling\.User"),
    ):
        often(one)
    with served(tmp_path, STACK_FILE, "--rate", "0") as one:
        for _ in range(5):
            one.former("DescribeVpcs")


@pytest.mark.parametrize("rate", ["x", "-1", "nan", "inf"])
def test_a_rate_that_is_none_is_refused(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--rate={rate}"])
    assert ended.value.code == 1
    assert "is no number of calls" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["x", "65536", "-1", "²"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--port={port}"])
    assert ended.value.code == 1
    assert "is no port" in capsys.readouterr().err


@pytest.mark.usefixtures("apart")
def test_a_stack_file_that_is_refused_serves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Pulumi.bad.yaml"
    file.write_text("config: {alicloud-gateways:nonsense: 1}\n", "utf-8")
    assert main(["--config", str(file)]) == 2
    assert not capsys.readouterr().out


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the sandbox keeps in a folder of the test's."""
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))


def test_no_half_of_an_answer_waits_for_the_clients_word() -> None:
    with (
        listening("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
