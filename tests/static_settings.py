"""Settings for collecting the static files of the tests: compressing them takes longer than most tests, and none reads that."""

from jobcenter.settings import *  # noqa: F403  # all of it, but for the lines below

WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "html", "js", "json", "map", "svg", "txt", "xml"]
