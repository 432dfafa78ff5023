"""The first set-up of an instance with one command. Called again it changes nothing and checks everything."""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from jobcenter.common.instanz import InstanzError
from jobcenter.konten.actions import invite_user
from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User
from jobcenter.konten.queries import sign_einladung
from jobcenter.portal.management.fragen import FRAGEN, Antworten, Frage, is_answer, write_instanz
from jobcenter.portal.management.pruefungen import FAULT, GOOD, Befund, run_pruefungen, send_testmail

OWNER_URL = "DATABASE_OWNER_URL"
DANACH = """
Das Portal ist eingerichtet. Wie es weitergeht:
  1. Starten Sie es: docker compose up --detach
  2. Öffnen Sie {base_url}/-/ready – dort muss „bereit: true“ stehen.
  3. Lesen Sie Impressum, Datenschutz und Barrierefreiheit. Fehlt etwas, ergänzen Sie {datei} und starten neu.
  4. Laden Sie Ihre Kolleginnen und Kollegen ein: {base_url}{konten}
  5. Richten Sie die tägliche Sicherung ein: docs/betrieb.md."""


class Command(BaseCommand):
    help = (
        "Richtet eine Instanz ein: jobcenter.toml, Tabellen, Stammdaten, erste Administration; prüft alles. Ändert beim zweiten Mal nichts."
    )
    requires_system_checks = ()  # they are part of what is checked here, and said in German

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--nur-pruefen", action="store_true", help="nichts ändern; endet mit 1, wenn etwas fehlt")
        parser.add_argument("--ohne-rueckfrage", action="store_true", help="nichts fragen; was fehlt, ist ein Fehler")
        parser.add_argument("--ueberschreiben", action="store_true", help="jobcenter.toml neu schreiben, obwohl es sie gibt")
        parser.add_argument("--setze", action="append", default=[], metavar="ABSCHNITT.FELD=WERT", help="eine Antwort vorgeben")
        parser.add_argument("--admin-name", default="", help="Name der ersten Administratorin oder des ersten Administrators")
        parser.add_argument("--admin-mail", default="", help="deren E-Mail-Adresse; sie bekommt Testmail und Einladung")
        parser.add_argument("--testmail", default="", metavar="ADRESSE", help="mit --nur-pruefen: auch den Versand prüfen")

    def handle(self, *args: Any, **options: Any) -> None:
        self.asks = not options["ohne_rueckfrage"]
        if options["nur_pruefen"]:
            self._check(testmail=options["testmail"])
            return
        if self._write_instanz(options):
            self._start_again(options)  # the settings have read another file
        self._prepare_database()
        call_command("stammdaten", stdout=self.stdout)
        call_command("import_jobcenter", stdout=self.stdout)
        mail = self._invite_admin(options)
        self._check(testmail=mail or options["testmail"])
        datei = os.environ.get("JOBCENTER_TOML", "jobcenter.toml")
        self.stdout.write(DANACH.format(base_url=settings.BASE_URL, konten=reverse("konten:konto-liste"), datei=datei))

    # --- jobcenter.toml -----------------------------------------------------------------------------------------
    def _write_instanz(self, options: dict[str, Any]) -> bool:
        path = settings.INSTANZ_DATEI
        given = self._given(options["setze"])
        if path.exists() and not settings.INSTANZ.jobcenter.fiktiv and not options["ueberschreiben"]:
            self.stdout.write(f"{path} ist da und bleibt, wie sie ist.")
            return False
        if path.exists() and not options["ueberschreiben"]:
            self._require_asking(f"{path} beschreibt die Vorführung. Zum Ersetzen geben Sie --ueberschreiben an.")
            if not self._confirm(f"{path} beschreibt die Vorführung. Durch Ihr Jobcenter ersetzen?"):
                raise CommandError("Es wurde nichts geändert.")
        antworten: Antworten = {}
        while True:
            antworten = self._answer_all({**antworten, **given})
            try:
                write_instanz(path, antworten)
            except InstanzError as error:
                self._require_asking(str(error))
                self.stderr.write(f"\n{error}\nBitte gehen Sie die Angaben noch einmal durch.")
                given = {}
            else:
                self.stdout.write(f"\n{path} ist geschrieben.")
                return True

    def _given(self, pairs: Iterable[str]) -> Antworten:
        known = {frage.ort: frage for frage in FRAGEN}
        given: Antworten = {}
        for pair in pairs:
            ort, _, text = pair.partition("=")
            if ort not in known:
                raise CommandError(f"--setze {ort}: Das wird nicht gefragt. Möglich sind: {', '.join(known)}.")
            if not is_answer(known[ort], text.strip()):
                raise CommandError(f"--setze {ort}: „{text}“ passt nicht. {known[ort].hilfe}")
            given[ort] = text.strip()
        return given

    def _answer_all(self, known: Antworten) -> Antworten:
        if not self.asks:
            antworten: Antworten = {}
            for frage in FRAGEN:
                antworten[frage.ort] = known.get(frage.ort) or frage.vorschlag(antworten)
            if missing := [frage.ort for frage in FRAGEN if not is_answer(frage, antworten[frage.ort])]:
                raise CommandError("Es fehlen Angaben, bitte mit --setze ergänzen: " + ", ".join(missing))
            return antworten
        self.stdout.write("Die Eingabetaste übernimmt, was in Klammern steht.\n")
        antworten = {}
        for frage in FRAGEN:
            antworten[frage.ort] = self._ask(frage, known.get(frage.ort) or frage.vorschlag(antworten))
        return antworten

    def _ask(self, frage: Frage, vorschlag: str) -> str:
        hint = f" – {frage.hilfe}" if frage.hilfe else ""
        while True:
            text = self._input(f"{frage.wort}{hint}{f' [{vorschlag}]' if vorschlag else ''}: ") or vorschlag
            if is_answer(frage, text):
                return text
            self.stdout.write(f"  „{text}“ passt nicht. Bitte noch einmal." if text else "  Diese Angabe wird gebraucht.")

    def _confirm(self, question: str) -> bool:
        return self._input(f"{question} (ja/nein): ").casefold() in {"j", "ja"}

    def _input(self, prompt: str) -> str:
        try:
            return input(prompt).strip()
        except EOFError:
            raise CommandError("Es kommt keine Eingabe mehr. Mit --ohne-rueckfrage und --setze geht es ohne Fragen.") from None

    def _require_asking(self, sentence: str) -> None:
        if not self.asks:
            raise CommandError(sentence)

    def _start_again(self, options: dict[str, Any]) -> None:
        """The same call once more, now with the written file; all questions are asked before."""
        name, mail = self._name_admin(options)
        command = [sys.executable, "manage.py", "einrichten", f"--admin-name={name}", f"--admin-mail={mail}"]
        command += [f"--testmail={options['testmail']}"] if options["testmail"] else []
        command += [] if self.asks else ["--ohne-rueckfrage"]
        sys.exit(subprocess.call(command, cwd=settings.BASE_DIR))  # noqa: S603  # ourselves

    # --- database and first account -----------------------------------------------------------------------------
    def _prepare_database(self) -> None:
        """As the owner of the tables where the environment names one, otherwise as whoever we are."""
        env = dict(os.environ)
        if owner := env.get(OWNER_URL):
            env["DATABASE_URL"] = owner
            env.pop("DATABASE_URL_FILE", None)
            env["DATABASE_PASSWORD_FILE"] = env.get("DATABASE_OWNER_PASSWORD_FILE", "")
        done = subprocess.run([sys.executable, "manage.py", "bereitstellen"], cwd=settings.BASE_DIR, env=env, check=False)
        if done.returncode:
            raise CommandError("Die Datenbank ließ sich nicht vorbereiten. Die Meldung darüber sagt, woran es liegt.")

    def _invite_admin(self, options: dict[str, Any]) -> str:
        """The first administrator gets a mail with a link. While somebody can administer accounts, nobody is asked."""
        if any(user.ist_offen for user in User.objects.filter(rollen__contains=[Rolle.ADMINISTRATION])):
            return ""
        name, mail = self._name_admin(options)
        konto = invite_user(name=name, email=mail, rollen=[Rolle.ADMINISTRATION], gueltig_bis=None, by=User.objects.system())
        link = settings.BASE_URL + reverse("konten:einladung-annehmen", args=[sign_einladung(konto)])
        self.stdout.write(f"\nEinladung für {name} (geht auch als Mail, sobald das Portal läuft; der Link öffnet das Konto):\n  {link}\n")
        return mail

    def _name_admin(self, options: dict[str, Any]) -> tuple[str, str]:
        name, mail = options["admin_name"], options["admin_mail"]
        if not (name and mail):
            self._require_asking("Es fehlt die erste Administration. Bitte --admin-name und --admin-mail angeben.")
            self.stdout.write("\nWer verwaltet die Konten des Portals?")
            name = self._ask(Frage("", "Vor- und Nachname"), name)
            mail = self._ask(Frage("", "E-Mail", muster=r"[^@\s]+@[^@\s]+\.[^@\s]+"), mail)
        return name, mail

    # --- checks -------------------------------------------------------------------------------------------------
    def _check(self, *, testmail: str) -> None:
        self.stdout.write("\nPrüfungen:")
        befunde: list[Befund] = []
        for befund in run_pruefungen():
            befunde.append(befund)
            self._say(befund)
        if testmail:
            befunde.append(send_testmail(testmail))
            self._say(befunde[-1])
        if faults := [befund for befund in befunde if befund.stand == FAULT]:
            what = "Eine Prüfung ist" if len(faults) == 1 else f"{len(faults)} Prüfungen sind"
            raise CommandError(f"{what} nicht bestanden. Beheben Sie das und rufen Sie den Befehl noch einmal auf.")

    def _say(self, befund: Befund) -> None:
        style = {GOOD: self.style.SUCCESS, FAULT: self.style.ERROR}.get(befund.stand, self.style.WARNING)
        self.stdout.write(f"  {befund.was + ':':26}{style(befund.stand)}{f' – {befund.satz}' if befund.satz else ''}")
