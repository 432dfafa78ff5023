"""What only a real browser can tell of htmx."""

import pytest

from tests.journey.browser import chromium
from tests.journey.processes import Portal

pytestmark = pytest.mark.browser


def test_a_fragment_after_the_session_ended_leads_to_the_sign_in_and_back(demo_portal: Portal):
    demo_portal.start_web()
    address = "/intern/beirat/sitzungen/22/"
    with chromium() as browser:
        page = browser.new_page(base_url=demo_portal.url)
        answer = page.request.get(address, headers={"HX-Request": "true", "HX-Current-URL": demo_portal.url + address})
        assert answer.headers["hx-redirect"] == "/konto/login/?next=%2Fintern%2Fbeirat%2Fsitzungen%2F22%2F"
        assert "Tagesordnung" not in answer.text()
