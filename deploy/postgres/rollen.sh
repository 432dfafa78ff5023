#!/bin/sh
# Called by the postgres image when it makes the database; the passwords come out of its secrets.
set -eu
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --quiet \
  --set passwort_eigentuemer="$(cat /run/secrets/datenbank_eigentuemer)" \
  --set passwort_portal="$(cat /run/secrets/datenbank_portal)" \
  --file /etc/jobcenter/rollen.sql
