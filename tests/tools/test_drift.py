"""What `make drift` makes of a refresh that fails: what is gone is told from what isn't known."""

import pytest

from tools.pipeline.drift import unfound
from tools.pipeline.reports import drift_report

GATEWAY = "urn:pulumi:dev::alicloud-gateways::alicloud-gateways:index:Api$alicloud:apigateway"
AUTHORIZATION = f"{GATEWAY}/appAttachment:AppAttachment::api-order-app-site"
APP = f"{GATEWAY}/app:App::app-site-app"
API = f"{GATEWAY}/api:Api::api-order"

# As Pulumi's bridge passes on what the provider says.
SAID = f"""\
Previewing refresh (dev):
error: Preview failed: refreshing {AUTHORIZATION}: 1 error occurred:
\t* [ERROR] terraform-provider-alicloud/alicloud/resource.go:133:
[ERROR] terraform-provider-alicloud/alicloud/service.go:200:
ResourceNotfound!!! The specified ApigatewayAppAttachment 1:2:3:RELEASE is not found.
error: Preview failed: refreshing {APP}: 1 error occurred:
\t* Resource 3 ListTagResources Failed!!! [SDK alibaba-cloud-sdk-go ERROR]:
ErrorCode: NotFoundResourceId
Message: [3]
        ~ alicloud:apigateway/group:Group: (update)
          + description: "it was not found"
error: preview failed
"""


def test_what_is_gone_and_fails_to_be_read_is_known_by_the_providers_words() -> None:
    assert unfound(SAID) == sorted([AUTHORIZATION, APP])


@pytest.mark.parametrize(
    "said",
    [
        # Another kind: it would be found to be gone, so this is about something else.
        SAID.replace(AUTHORIZATION, API).replace(APP, API),
        f"error: Preview failed: refreshing {APP}: Forbidden.RAM: not authorized\n",
        f"error: Preview failed: refreshing {APP}: Throttling.User\nerror: not found\n",
        "",
    ],
)
def test_any_other_failure_says_nothing_of_what_is_there(said: str) -> None:
    assert unfound(said) == []


def test_the_report_names_what_is_gone_and_how_to_make_it_anew() -> None:
    report = drift_report("dev", SAID, [AUTHORIZATION])
    assert "**Gone:** `api-order-app-site`." in report
    assert f"pulumi up --stack dev --replace '{AUTHORIZATION}'\n" in report
    assert "Gone" not in drift_report("dev", SAID)
