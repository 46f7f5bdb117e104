"""What is particular to alarms and flow logs."""

import json

from tests.components.builds import alarm, critical_alarm, flow_log
from tests.components.test_every_component import built


def test_an_alarm_tells_at_one_level_and_another_level_is_another_rule() -> None:
    inputs = built(alarm)["busy-warn"].inputs
    assert inputs["escalationsWarn"]["threshold"] == "1500000"
    assert not {"escalationsCritical", "escalationsInfo"} & inputs.keys()
    told = built(critical_alarm)["slow-critical"].inputs["escalationsCritical"]
    assert told == {
        "comparisonOperator": "<",
        "statistics": "Average",
        "threshold": "0.5",
        "times": 1,
    }


def test_an_alarm_watches_each_thing_by_its_dimensions() -> None:
    watched = json.loads(built(alarm)["busy-warn"].inputs["metricDimensions"])
    assert watched == [{"instanceId": "ngw-1"}, {"instanceId": "ngw-2"}]
    (api,) = json.loads(built(critical_alarm)["slow-critical"].inputs["metricDimensions"])
    assert api == {"region": "cn-shanghai", "apiUid": "api-1", "apiStageName": "RELEASE"}


def test_an_alarm_is_repeated_once_a_day_unless_told_otherwise() -> None:
    inputs = built(alarm)["busy-warn"].inputs
    assert (inputs["period"], inputs["silenceTime"]) == (60, 86400)


def test_a_flow_log_never_writes_beside_its_successor() -> None:
    made = built(flow_log)["flows-log"]
    assert made.request.deleteBeforeReplace
    assert made.inputs["trafficType"] == "Drop"
    assert made.inputs["aggregationInterval"] == "1"
