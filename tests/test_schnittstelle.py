"""The open interface under fire: whatever its own description allows and much that it does not, it answers in order."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from jobcenter.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(veroeffentlichung):
    return schemathesis.openapi.from_wsgi("/api/schema/", application)


described = schemathesis.pytest.from_fixture("schema")


@described.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_ends_in_a_server_error_and_every_answer_is_as_described(case):
    response = case.call(headers={"Host": "localhost"})
    assert response.status_code < 500
    case.validate_response(response)
