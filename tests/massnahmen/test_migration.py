"""A programme written with the version before becomes one with structured chapters, states and steps."""

from tests.umzug import migrate


def test_programmes_of_the_version_before_come_along(umzug):
    migrate("konten")
    migrate("massnahmen", "0002")
    umzug.execute(
        """INSERT INTO konten_user (id, password, email, name, rollen, is_active, angelegt_am, post_takt, version)
             VALUES (1, '', 'a@musterburg.example', 'A', '{planung}', true, now(), 'sofort', 1)"""
    )
    umzug.execute(
        """INSERT INTO massnahmen_arbeitsmarktprogramm (id, jahr, titel, zusammenfassung, status, version)
             VALUES (1, 2026, 'P', 'Z', 'entwurf', 3), (2, 2027, 'P', '', 'entwurf', 1), (3, 2025, 'P', 'Z', 'veroeffentlicht', 5);
           INSERT INTO massnahmen_kapitel (programm_id, nummer, titel, text, version)
             VALUES (1, 1, 'Vorwort', E'Eins & zwei.\n\n- a\n- b', 1), (2, 2, 'Rückblick', '', 1), (3, 9, 'Finanzen', 'Geld', 1);
           INSERT INTO massnahmen_traeger (id, name, ort) VALUES (1, 'T', 'O');
           INSERT INTO massnahmen_instrument (id, kurz, name, klartext, paragraph, gruppe, zaehlt_als_integration, zaehlt_als_aktivierung)
             VALUES (1, 'mat', 'M', 'K', '§', 'A', false, false);
           INSERT INTO massnahmen_massnahme (titel, beschreibung, instrument_id, traeger_id, beginn, ende, version)
             VALUES ('vergeben', '', 1, 1, '2026-01-01', '2026-12-31', 1), ('offen', '', 1, NULL, '2026-01-01', '2026-12-31', 1);
           INSERT INTO massnahmen_fassung (id, programm_id, nummer, inhalt, pruefsumme, vorgelegt_am, vorgelegt_von_id)
             SELECT n, p, 1, '{}', encode(sha256('{}'), 'hex'), '2026-01-10', 1 FROM (VALUES (1, 1), (2, 3)) AS f (n, p);
           INSERT INTO massnahmen_beratung (id, fassung_id, ergebnis, ja, nein, enthaltung, beschluss, am)
             VALUES (1, 1, 'zugestimmt', 9, 0, 0, 'B', '2026-02-01');
           INSERT INTO massnahmen_veroeffentlichung (beratung_id, antwort, am, von_id) VALUES (1, '', '2026-02-08', 1)"""
    )

    migrate()

    chapters = umzug.execute("SELECT programm_id, art, stand, text FROM massnahmen_kapitel ORDER BY programm_id").fetchall()
    assert chapters == [
        (1, "vorwort", "arbeit", "<p>Eins &amp; zwei.</p><ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        (2, "rueckblick", "offen", ""),
        (3, "finanzen", "fertig", "<p>Geld</p>"),
    ]
    told = umzug.execute("SELECT DISTINCT text FROM massnahmen_kapitelevent WHERE programm_id = 1").fetchall()
    assert told == [(chapters[0][3],)]  # an older state can be put back into the editor
    states = umzug.execute("SELECT jahr, status FROM massnahmen_arbeitsmarktprogramm ORDER BY jahr").fetchall()
    assert states == [(2025, "veroeffentlicht"), (2026, "fortschreibung"), (2027, "entwurf")]
    awards = umzug.execute("SELECT titel, vergabestand FROM massnahmen_massnahme ORDER BY titel").fetchall()
    assert awards == [("offen", "offen"), ("vergeben", "vergeben")]
    steps = umzug.execute("SELECT programm_id, nach, am::date::text FROM massnahmen_programmschritt ORDER BY programm_id, am").fetchall()
    assert steps == [(1, "beim_beirat", "2026-01-10"), (1, "veroeffentlicht", "2026-02-08"), (3, "beim_beirat", "2026-01-10")]
    assert umzug.execute("SELECT DISTINCT anlass FROM massnahmen_fassung").fetchall() == [("beirat",)]
