"""Dockerfile and docker-compose.yml without an engine: what can be known of them by reading."""

import json
import re
import shlex
import subprocess
from fnmatch import fnmatch
from importlib.resources import files
from pathlib import Path
from string import Template

import jsonschema
import pytest
import yaml

from jobcenter.demo.einrichten import PANGO
from jobcenter.demo.start import _programs
from jobcenter.portal.management.pruefungen import LIBRARIES

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].endswith("jobcenter-portal:local}")}


def tracked() -> list[str]:
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return out.stdout.splitlines()


def lines(instruction: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    return [rest for name, _, rest in (line.partition(" ") for line in joined.splitlines()) if name == instruction]


def test_the_compose_file_follows_the_schema_of_the_specification():
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    jsonschema.validate(COMPOSE, schema)


def test_every_source_of_a_copy_exists_is_tracked_and_reaches_the_build():
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    let_in = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    stages = [line.split(" AS ")[1] for line in lines("FROM") if " AS " in line]
    for copy in lines("COPY"):
        *sources, _ = [part for part in copy.split() if not part.startswith("--")]
        if origin := re.search(r"--from=(\S+)", copy):
            assert origin[1] in stages
            continue
        for source in sources:
            name = source.removeprefix("./")
            assert any(path == name or path.startswith(f"{name}/") for path in tracked()), source
            assert name in let_in, f"{name} is kept out by .dockerignore"
    assert ignored[1] == "*"


def test_what_the_program_reads_from_the_project_is_in_the_image():
    copied = {part.removeprefix("./") for copy in lines("COPY") for part in copy.split()[:-1]}
    assert {"jobcenter", "kennzahlen", "massnahmen", "beirat", "templates", "static", "manage.py", "jobcenter.toml"} <= copied


@pytest.mark.parametrize("name", ["web", "worker", "berichte", "diagramme", "beat"])
def test_each_service_runs_the_command_of_make_run(name, tmp_path):
    """One source of truth: what the tests and the demo start is what production starts."""
    there = next(program.command for program in _programs(tmp_path, 8000, dev=False) if program.name == name)
    there = there[there.index("-m") + 1 :]
    here = shlex.split(SERVICES[name]["command"])
    places = {"--host": "0.0.0.0", "--schedule": "/tmp/schedule"}
    for option, value in places.items():
        if option in there:
            there[there.index(option) + 1] = value
    assert here == there
    if name == "web":
        assert json.loads(lines("CMD")[-1]) == here


def test_every_image_names_its_version():
    images = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    images += [line.split(" AS ")[0] for line in lines("FROM")]
    for image in images:
        assert re.search(r":\d+(\.\d+)?[\w.-]*$", image), image
    assert SERVICES["postgres"]["image"].startswith("postgres:18")
    assert SERVICES["redis"]["image"].startswith("redis:7.2")


def test_the_image_runs_as_nobody_special_and_carries_no_secret():
    assert lines("USER") == ["10001:10001"]
    assert DOCKERFILE.rindex("USER 10001") > DOCKERFILE.rindex("RUN ")
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|TOKEN|URL)", DOCKERFILE, re.MULTILINE)
    assert {package for package in PANGO.values() if package in DOCKERFILE} == set(PANGO.values())
    assert set(LIBRARIES) == set(PANGO)


def test_only_the_proxy_is_open_and_everything_is_shut_in():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["innen"]["internal"] is True
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["restart"] == ("no" if name in {"bereitstellen", "einrichten"} else "unless-stopped"), name
    assert set(SERVICES["postgres"]["networks"]) == set(SERVICES["redis"]["networks"]) == {"innen"}


def test_only_who_changes_tables_owns_them():
    for name, service in OURS.items():
        owner = name == "bereitstellen"
        assert ("eigentuemer@" in service["environment"]["DATABASE_URL"]) is owner, name
        assert ("datenbank_eigentuemer" in service["secrets"]) is (owner or name == "einrichten"), name
        assert "datenbank_verwaltung" not in service["secrets"], name


def test_secrets_come_as_files_and_each_is_made_by_the_script():
    script = (ROOT / "deploy/geheimnisse.sh").read_text()
    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"] == f"./deploy/geheimnisse/{name}"
        assert name in script
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if name.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], name
            assert not re.search(r"PASSWORD$|SECRET_KEY$", name), name


def test_the_portal_starts_after_the_tables_and_beat_is_one():
    for name in ("web", "worker", "berichte", "diagramme", "beat"):
        assert SERVICES[name]["depends_on"]["bereitstellen"] == {"condition": "service_completed_successfully"}
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def _commands(titel: str) -> list[str]:
    """The commands of one section of the handbook, without remarks."""
    section = (ROOT / "docs/betrieb.md").read_text(encoding="utf-8").split(f"\n## {titel}\n")[1].split("\n## ")[0]
    return [line.split("  #")[0].strip() for line in section.splitlines() if line.startswith("    ")]


def test_the_handbook_migrates_while_nobody_works_and_leads_back():
    commands = _commands("Neue Version")
    stop = "docker compose stop " + " ".join(name for name, one in OURS.items() if "bereitstellen" in one.get("depends_on", {}))
    start = "docker compose up --detach --scale worker=2"
    there, back = commands[: commands.index(start) + 1], commands[commands.index(start) + 1 :]
    assert there[-3:] == [stop, "sh deploy/sichern.sh /var/sicherung", start]
    assert [back[0], back[-1]] == [stop, start]
    assert back[-2].startswith("sh deploy/zurueckholen.sh /var/sicherung/")
    assert any(command.startswith("git checkout") for command in back)


def test_volumes_and_mounts_lead_to_what_is_there():
    assert any(mount == "datenbank:/var/lib/postgresql" for mount in SERVICES["postgres"]["volumes"])
    kept = {"deploy/instanz", "deploy/zertifikat"}  # made by the script, never committed
    for service in SERVICES.values():
        for mount in service["volumes"]:
            source, target = mount.split(":")[:2]
            if source.startswith("./"):
                name = source.removeprefix("./")
                assert name in kept or name in tracked(), source
            else:
                assert source in COMPOSE["volumes"], source
            assert Template(target).template == target
    for web in (SERVICES["web"], SERVICES["worker"], SERVICES["berichte"]):
        assert "daten:/var/lib/jobcenter" in web["volumes"]


def test_the_script_keeps_what_is_there(tmp_path):
    script = tmp_path / "geheimnisse.sh"
    script.write_bytes((ROOT / "deploy/geheimnisse.sh").read_bytes())
    first = subprocess.run(["sh", script], check=True, capture_output=True, text=True)
    assert "email_url" in first.stdout
    made = {path.name: path.read_bytes() for path in (tmp_path / "geheimnisse").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert (tmp_path / "geheimnisse").stat().st_mode & 0o077 == 0
    assert len(set(made.values())) == len(made)
    assert b"\n" not in b"".join(made.values())
    subprocess.run(["sh", script], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "geheimnisse").iterdir()} == made


def test_nothing_that_belongs_to_one_instance_is_tracked():
    assert not [path for path in tracked() if fnmatch(path, "deploy/geheimnisse/*") or fnmatch(path, "deploy/zertifikat/*")]
