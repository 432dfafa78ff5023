#!/bin/sh
# Restore what sichern.sh has written; replaces the database and adds the files. Stop the portal's services first.
#   deploy/zurueckholen.sh FOLDER/2027-01-15T0300
set -eu
quelle="${1:?Ordner einer Sicherung angeben}"
cd "$(dirname "$0")/.."

docker compose exec -T postgres pg_restore --username postgres --dbname postgres --clean --if-exists --create --exit-on-error \
  < "$quelle/datenbank.dump"
docker compose exec -T postgres sh /docker-entrypoint-initdb.d/10-rollen.sh
docker compose run --rm --no-deps -T --entrypoint tar web --extract --directory /var/lib/jobcenter < "$quelle/media.tar"
echo "Zurückgeholt: $quelle"
