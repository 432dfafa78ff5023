#!/bin/sh
# Backup: the database first, then the files, so that no row points to a file that is missing. Checked before it counts.
#   deploy/sichern.sh FOLDER
set -eu
ziel="${1:?Ordner für die Sicherungen angeben}"
cd "$(dirname "$0")/.."
umask 077
neu="$ziel/$(date +%Y-%m-%dT%H%M)"
entwurf="$neu.unfertig"
mkdir -p "$entwurf"

docker compose exec -T postgres pg_dump --username postgres --format custom --dbname jobcenter > "$entwurf/datenbank.dump"
docker compose exec -T postgres pg_restore --list < "$entwurf/datenbank.dump" > /dev/null
docker compose run --rm --no-deps -T --entrypoint tar web --create --directory /var/lib/jobcenter media > "$entwurf/media.tar"
tar --list --file "$entwurf/media.tar" > /dev/null

mv "$entwurf" "$neu"
echo "Gesichert: $neu"
find "$ziel" -mindepth 1 -maxdepth 1 -type d -name '20??-??-??T????' -mtime +30 -exec rm -rf {} +
