"""Press releases for feed readers and newsrooms, with their full text."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.template.defaultfilters import linebreaks, urlize
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from jobcenter.common.text import clean_text
from jobcenter.presse.models import Pressemitteilung
from jobcenter.presse.queries import FEED_LENGTH, published_pressemitteilungen


class FullTextAtomFeed(Atom1Feed):
    """Atom with the whole text in <content>, not only a summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["volltext"], {"type": "html"})


class PresseFeed(Feed):
    """The newest releases that are public now. Ids stay the same for ever; addresses are those of BASE_URL, not of the request.

    One character that XML does not know would break the feed for every reader, so texts of any age are cleaned here.
    """

    feed_type = FullTextAtomFeed
    language = "de"
    title = f"Presse: {settings.INSTANZ.jobcenter.name}"
    subtitle = "Pressemitteilungen im vollen Text"
    author_name = settings.INSTANZ.jobcenter.name
    author_email = settings.INSTANZ.presse.mail
    item_author_name = settings.INSTANZ.jobcenter.name

    def link(self) -> str:
        return settings.BASE_URL + reverse("presse:pressemitteilung-liste")

    def feed_url(self) -> str:
        return settings.BASE_URL + reverse("presse:feed-atom")

    def feed_guid(self) -> str:
        return f"tag:{_host()},2026:presse"

    def items(self) -> QuerySet[Pressemitteilung]:
        return published_pressemitteilungen()[:FEED_LENGTH]

    def item_title(self, item: Pressemitteilung) -> str:
        return clean_text(item.titel, lines=False)

    def item_description(self, item: Pressemitteilung) -> str:
        return clean_text(item.vorspann, lines=True)

    def item_link(self, item: Pressemitteilung) -> str:
        return settings.BASE_URL + item.get_absolute_url()

    def item_guid(self, item: Pressemitteilung) -> str:
        return f"tag:{_host()},{item.jahr}:presse-{item.nummer}"

    def item_pubdate(self, item: Pressemitteilung) -> datetime | None:
        return item.oeffentlich_ab

    def item_updateddate(self, item: Pressemitteilung) -> datetime | None:
        """A released text never changes."""
        return item.oeffentlich_ab

    def item_extra_kwargs(self, item: Pressemitteilung) -> dict[str, str]:
        vorspann, text = clean_text(item.vorspann, lines=True), clean_text(item.text, lines=True)
        return {"volltext": f"<p><strong>{urlize(vorspann, autoescape=True)}</strong></p>{linebreaks(urlize(text, autoescape=True))}"}


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
