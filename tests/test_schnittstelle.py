"""The open interface under fire: whatever its own description allows and much that it does not, it answers in order."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from jobcenter.wsgi import application
from kennzahlen.models import Jobcenter
from tests.kennzahlen.offen import JULI, JUNI, Land

pytestmark = pytest.mark.django_db(transaction=True)  # a real request closes its connection
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def werte(controlling) -> None:
    """Figures with and without a Nenner, of two Jobcenter in their groups."""
    land = Land(Jobcenter.objects.create(traegernummer="99001", name="Musterburg", form="zkT"), controlling)
    for month in (JUNI, JULI):
        land.say(month)
        land.say(month, 5, None, jobcenter=land.nachbar)


def test_no_request_ends_in_a_server_error_and_every_answer_is_as_described(veroeffentlichung, werte):
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert operations
    for operation in operations:
        modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
        for mode in modes:

            @settings(max_examples=80, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode), known=booleans())
            def attack(case: schemathesis.Case, known: bool) -> None:
                if known and "messwerte" in case.operation.path:
                    case.query = {**(case.query or {}), "kennzahl": "K2"}  # else hardly any of them is asked for values
                response = case.call(headers={"Host": "localhost"})
                assert response.status_code < 500
                case.validate_response(response, checks=CHECKS)

            attack()
