"""The published description of the service, and the service: schemathesis looks for a place where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from assay.interfaces.service.guard.guard import App, HttpScope
from assay.interfaces.service.guard.settings import GuardSettings
from assay.interfaces.service.openapi.document import openapi_document
from assay.interfaces.service.problems import Send
from tests.interfaces.service.guard.made import Receive
from tests.interfaces.service.scanned.made import Room, room

pytestmark = pytest.mark.slow
EXAMPLES = 120


class Standing:
    """Stands for the service, which is opened later than tests are collected."""

    app: App | None = None

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


REFUSED = [400, 401, 403, 405, 409, 413, 415, 422, 431]
ACCEPTED = ["2xx", "3xx", 401, 403, 404, 409, 429, "5xx"]
CONFIGURATION = SchemathesisConfig.from_dict(
    {
        "checks": {
            # A body may also be refused for its length alone.
            "negative_data_rejection": {"expected-statuses": REFUSED},
            # Nor can a schema say how long a body is in all, and whether there is such a signal, market or file.
            "positive_data_acceptance": {"expected-statuses": [*ACCEPTED, 413, 422]},
        },
        "operations": [
            {
                "include-name": "POST /v1/decisions:batch",
                # A line that is wrong costs itself only, and a market in the query may be unknown.
                "checks": {
                    "negative_data_rejection": {"expected-statuses": [200, *REFUSED]},
                    "positive_data_acceptance": {"expected-statuses": [*ACCEPTED, 400, 413]},
                },
            }
        ],
    }
)


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def _lines(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


DESCRIBED = schemathesis.openapi.from_dict(openapi_document(), config=CONFIGURATION)
DESCRIBED.app = Standing()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("whole")
    # The host by which schemathesis calls an app in this process.
    with room(folder, guard=GuardSettings(allowed_hosts=("testserver",))) as found:
        DESCRIBED.app.app = found.app
        yield found
        DESCRIBED.app.app = None


@DESCRIBED.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(case: Any, whole: Room) -> None:
    # Where the case is wrong by having no token, adding one would make it right.
    changed = getattr(case.meta.phase.data, "mutations", ()) if case.meta is not None else ()
    bare = any("Authorization" in str(change) for change in changed)
    case.call_and_validate(headers={} if bare else {"Authorization": whole.headers["authorization"]})
