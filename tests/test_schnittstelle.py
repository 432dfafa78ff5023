"""The open interface under fire: whatever its own description allows and much that it does not, it answers in order."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from jobcenter.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)  # a real request closes its connection
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_no_request_ends_in_a_server_error_and_every_answer_is_as_described(veroeffentlichung):
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert operations
    for operation in operations:
        modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
        for mode in modes:

            @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode))
            def attack(case: schemathesis.Case) -> None:
                response = case.call(headers={"Host": "localhost"})
                assert response.status_code < 500
                case.validate_response(response, checks=CHECKS)

            attack()
