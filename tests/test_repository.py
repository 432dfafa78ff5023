"""The repository is tested like code: what the house promises in docs/ is held here."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rules
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db.models import ForeignKey, ManyToManyField
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["common", "konten", "post", "kennzahlen", "massnahmen", "beirat", "presse", "berichte", "portal"]  # in the order of data
PACKAGES = {room: ROOT / room if (ROOT / room).is_dir() else ROOT / "jobcenter" / room for room in [*ROOMS, "demo"]}

# What a visitor may open without an account; whoever adds a page adds it here, on purpose.
PUBLIC = {
    "api-schema",
    "beirat:beirat",
    "beirat:beschluss-liste",
    "beirat:sitzung-detail",
    "beirat:sitzung-liste",
    "berichte:archiv",
    "berichte:programm-pdf",
    "kennzahlen:api-jobcenter-liste",
    "kennzahlen:api-kennzahl-liste",
    "kennzahlen:api-messwert-liste",
    "kennzahlen:reihe-csv",
    "kennzahlen:reihe-csvw",
    "kennzahlen:reihe-eigene-csv",
    "kennzahlen:reihe-eigene-json",
    "kennzahlen:reihe-json",
    "kennzahlen:reihe-revisionen-csv",
    "kennzahlen:begriffe",
    "kennzahlen:diagramm",
    "kennzahlen:kennzahl-detail",
    "kennzahlen:rangliste",
    "kennzahlen:vergleich",
    "kennzahlen:uebersicht",
    "massnahmen:api-massnahme-liste",
    "massnahmen:api-programm-detail",
    "massnahmen:api-programm-liste",
    "massnahmen:massnahme-detail",
    "massnahmen:massnahme-liste",
    "massnahmen:programm-aenderungen",
    "massnahmen:programm-csv",
    "massnahmen:programm-detail",
    "massnahmen:programm-liste",
    "portal:barriere-gemeldet",
    "portal:barriere-melden",
    "portal:barrierefreiheit",
    "portal:betriebe",
    "portal:daten",
    "portal:datenschutz",
    "portal:farbschema",
    "portal:galerie",
    "portal:favicon",
    "portal:gebaerdensprache",
    "portal:impressum",
    "portal:katalog-jsonld",
    "portal:katalog-ttl",
    "portal:leichte-sprache",
    "portal:live",
    "portal:manifest",
    "portal:passwort-aendern",
    "portal:ready",
    "portal:robots-txt",
    "portal:security-txt",
    "portal:sitemap",
    "portal:start",
    "presse:feed-atom",
    "presse:pressemitteilung-detail",
    "presse:pressemitteilung-liste",
}
# Closed by themselves: programs get a 403 they can read, not the way to the sign-in (tests/massnahmen/test_api.py).
CLOSED_API = {
    "massnahmen:api-programm-intern-detail",
    "massnahmen:api-programm-intern-liste",
    "massnahmen:api-programm-massnahme-liste",
}
# The doors of the sign-in itself.
PUBLIC_ACCOUNT = {
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "konten:einladung-annehmen",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
TOP_LEVEL = {
    "manage.py",
    "jobcenter",
    "beirat",
    "massnahmen",
    "kennzahlen",
    "templates",
    "static",
    "tests",
    "pyproject.toml",
    "docker-compose.yml",
    "README.md",
    "Makefile",
    "Dockerfile",
    "LICENSE",
    "jobcenter.toml",
    "docs",
    "benchmarks",
    "deploy",
    "package.json",
    "package-lock.json",
    "requirements.lock",
    "requirements-eigenstaendig.lock",
    "requirements-entwicklung.lock",
}


def patterns(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the portal with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", entry


def pages() -> Iterator[tuple[str, type]]:
    """Views of our rooms that render a full page."""
    for name, pattern in patterns():
        view = getattr(pattern.callback, "view_class", None)
        if ":" in name and view is not None and getattr(view, "template_name", None):
            yield name, view


def sources(suffix: str, *folders: Path) -> Iterator[Path]:
    for folder in folders or (ROOT / "jobcenter", ROOT / "beirat", ROOT / "massnahmen", ROOT / "kennzahlen", ROOT / "templates"):
        yield from sorted(folder.rglob(f"*{suffix}"))


def tracked() -> list[str]:
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_one_page_is_one_name_one_view_one_template_one_test():
    faults = []
    for name, view in pages():
        room, page = name.split(":")
        snake = page.replace("-", "_")
        if view.__name__ != "".join(part.capitalize() for part in page.split("-")) + "View":
            faults.append(f"{name}: class {view.__name__}")
        if view.template_name != f"{room}/{snake}.html":
            faults.append(f"{name}: template {view.template_name}")
        if not (ROOT / "tests" / room / "pages" / f"test_{snake}.py").exists():
            faults.append(f"{name}: no tests/{room}/pages/test_{snake}.py")
    assert not faults


def test_every_public_view_is_on_the_list():
    open_views = {name for name, pattern in patterns() if not getattr(pattern.callback, "login_required", True)}
    assert open_views - PUBLIC_ACCOUNT - CLOSED_API == PUBLIC
    assert {name for name in open_views if name.startswith(("account_", "mfa_"))} <= PUBLIC_ACCOUNT


def test_no_template_is_unused():
    written = "\n".join(path.read_text(encoding="utf-8") for suffix in (".py", ".html", ".xml", ".txt") for path in sources(suffix))
    unused = []
    for path in (ROOT / "templates").rglob("*.*"):
        name = path.relative_to(ROOT / "templates").as_posix()
        called_by_django = name.startswith(("django/", "admin/")) or re.fullmatch(
            r"(400|403|403_csrf|404|405|409|413|429|500|503)\.html", name
        )
        called_by_allauth = name.startswith(("account/", "mfa/", "allauth/", "usersessions/"))
        if not called_by_django and not called_by_allauth and f'"{name}"' not in written and f"'{name}'" not in written:
            unused.append(name)
    assert not unused


def test_every_template_can_be_compiled():
    for path in (ROOT / "templates").rglob("*.html"):
        get_template(path.relative_to(ROOT / "templates").as_posix())


def test_every_permission_that_is_asked_has_a_rule_and_every_rule_is_asked():
    asked = set()
    for path in (*sources(".py"), *sources(".html")):
        if path.name != "rules.py":
            text = path.read_text(encoding="utf-8")
            asked |= set(
                re.findall(
                    r"""(?:has_perm\w*\(?|require\(\w+,|permission_required =|permission =|KOMMENTAR_RECHT: ClassVar\[str\] =)"""
                    r"""\s*["']([a-z]+\.[a-z_]+)["']""",
                    text,
                )
            )
    given = set(rules.permissions.permissions)
    assert asked - given == set()
    assert given - asked == set()


def test_foreign_keys_follow_the_order_of_the_rooms():
    faults = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in ROOMS:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField) and field.related_model._meta.app_label in ROOMS:
                if field.related_model is get_user_model():
                    continue  # Django's own seam: AUTH_USER_MODEL, a name in the settings
                target = field.related_model._meta.app_label
                if ROOMS.index(target) > ROOMS.index(room):
                    faults.append(f"{model.__name__}.{field.name} → {target}")
    assert not faults


def test_no_http_below_the_boundary():
    below = {"actions", "queries", "models", "rules", "enums"}
    forbidden = ("django.http", "django.shortcuts", "django.urls.resolvers", "rest_framework", "django.contrib.messages")
    faults = []
    for path in sources(".py", *PACKAGES.values()):
        parts = set(path.relative_to(ROOT).with_suffix("").parts)
        if not parts & below or "migrations" in parts or "common" in parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            faults += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.startswith(forbidden)]
    assert not faults


def test_the_web_process_carries_neither_weasyprint_nor_charts():
    script = (
        "import django; django.setup()\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "import jobcenter.wsgi, sys\n"
        "print(sorted({'weasyprint', 'vl_convert', 'pikepdf', 'openpyxl', 'xlsxwriter', 'polars', 'rdflib'} & set(sys.modules)))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "jobcenter.settings"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, env=env, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_direct_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^  "([a-z][\w\-\[\],]*)[~=<>].*?",(.*)$', text, re.MULTILINE)
    without = [name for name, rest in lines if "#" not in rest]
    # said in the line of the package they belong to
    assert set(without) <= {"pytest", "pytest-django", "factory-boy", "hypothesis", "ruff", "import-linter", "mypy", "django-stubs"}


def test_the_top_level_holds_what_the_owner_fixed():
    assert {path.split("/")[0] for path in tracked() if not path.startswith(".")} <= TOP_LEVEL


def test_nothing_of_others_and_no_machine_is_committed():
    faults = [path for path in tracked() if re.search(r"\.min\.(js|css)$|\.woff2?$|node_modules/", path)]
    for path in tracked():
        if path.endswith((".lock", "package-lock.json", ".npmrc")):
            text = (ROOT / path).read_text(encoding="utf-8")
            faults += [f"{path}: {hit}" for hit in re.findall(r'(?:index-url|find-links|"resolved"|--trusted-host).*', text)]
    assert not faults
