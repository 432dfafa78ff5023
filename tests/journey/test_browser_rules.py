"""What only a real browser can tell of htmx."""

import pytest
from django.core.management import call_command

from tests.journey.browser import chromium
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser


def test_a_fragment_after_the_session_ended_leads_to_the_sign_in_and_back(portal: Portal):
    call_command("demo_daten")
    portal.start_web()
    with chromium() as browser:
        page = browser.new_page(base_url=portal.url)
        answer = page.request.get(
            "/intern/beirat/sitzungen/22/", headers={"HX-Request": "true", "HX-Current-URL": f"{portal.url}/intern/beirat/sitzungen/22/"}
        )
        assert answer.headers["hx-redirect"] == "/konto/login/?next=%2Fintern%2Fbeirat%2Fsitzungen%2F22%2F"
        assert "Tagesordnung" not in answer.text()
