"""Reading a page as a person does."""

import re
from html import unescape

from django.http import HttpResponse


def words(response: HttpResponse) -> str:
    """The words inside <main>, without tags, spaces collapsed."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0] or response.content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main))).strip()


def targets(response: HttpResponse) -> set[str]:
    """Where forms and links lead."""
    return set(re.findall(r'(?:action|href)="([^"]*)"', response.content.decode()))
