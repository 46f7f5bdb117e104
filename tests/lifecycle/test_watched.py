"""Alarms and flow logs on the real engine: made, kept, changed, renamed, replaced, gone."""

import json

import pytest

from tests.lifecycle.conftest import ROOT, Stack
from tests.lifecycle.test_guard import found, judge

pytestmark = pytest.mark.engine

FILE = ROOT / "examples" / "shared-bandwidth" / "Pulumi.watched.yaml"


def told(stack: Stack) -> dict[str, list[str]]:
    return {one.text("name"): one["contact_groups"] for one in stack.all("cms_alarm")}


def check_watched(stack: Stack) -> None:
    """Alarms on the gateway watch the one that there is."""
    (gateway,) = stack.all("nat_gateway")
    alarms = [one for one in stack.all("cms_alarm") if one["project"] == "acs_nat_gateway"]
    assert len(alarms) == 2
    for alarm in alarms:
        assert json.loads(alarm.text("metric_dimensions")) == [{"instanceId": gateway.id}]


def check_unchanged(stack: Stack) -> None:
    stack.succeed("up")
    assert stack.changes() == []


def test_alarms_and_flow_logs_live_a_whole_life(stack: Stack) -> None:
    stack.write(FILE.read_text("utf-8"))
    stack.succeed("up")
    check_watched(stack)
    assert told(stack)["shop-dropped"] == ["ops", "on-call"]
    logged = {one.text("flow_log_name"): one for one in stack.all("vpc_flow_log")}
    (vpc,) = stack.all("vpc")
    assert logged["shop-refused"]["resource_id"] == vpc.id
    assert logged["shop-refused"]["traffic_type"] == "Drop"
    assert logged["shop-gateway"]["resource_type"] == "VSwitch"

    check_unchanged(stack)
    stack.succeed("refresh")
    check_unchanged(stack)

    # In place: a threshold, an interval, a new name.
    stack.edit("above: 80", "above: 85")
    stack.edit("interval: 1}", "interval: 5}")
    stack.edit("sessions: {watch", "connections: {was: sessions, watch")
    assert judge(stack).code == 0
    stack.succeed("up")
    assert sorted(change.split()[0] for change in stack.changes()) == ["update"] * 3
    assert "shop-connections" in told(stack)

    # Told to others, at another level, of another metric; logged elsewhere.
    stack.edit("contactGroups: [ops, on-call]", "contactGroups: [ops]")
    stack.edit("level: critical", "level: info")
    stack.edit("watch: sessionsUsed, above: 70", "watch: sessions, above: 1000000")
    stack.edit("store: refused", "store: dropped")
    judged = judge(stack)
    assert judged.code == 1
    rules = " ".join(found(judged.out))
    assert "delete-alarm" in rules
    assert "replace-alarm" in rules
    assert "replace-log" in rules
    stack.succeed("up")
    dropped = next(one for one in stack.all("cms_alarm") if one["name"] == "shop-dropped")
    assert dropped["escalations_info"]
    assert not dropped["escalations_critical"]
    assert len(stack.all("cms_alarm")) == 3
    assert len(stack.all("vpc_flow_log")) == 2
    check_unchanged(stack)

    stack.edit("times: 5, contactGroups: [ops]", "times: 5, contactGroups: [nobody]")
    judged = judge(stack)
    assert any("mute" in row for row in found(judged.out))
    stack.succeed("up")

    # What it stands on is replaced, and the gateway's vSwitch with it.
    stack.edit(
        "gateway: {cidr: 172.19.1.0/24, zone: cn-shanghai-a}",
        "gateway: {cidr: 172.19.3.0/24, zone: cn-shanghai-a}",
    )
    stack.succeed("up")
    check_watched(stack)
    switches = {one.id for one in stack.all("vswitch")}
    assert {one["resource_id"] for one in stack.all("vpc_flow_log")} <= switches | {vpc.id}
    check_unchanged(stack)
    stack.succeed("destroy")
    assert stack.kinds() == []
