#!/bin/sh
# Makes the secrets that docker-compose.yml hands in as files. What is there stays as it is.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p geheimnisse instanz zertifikat
chmod 755 instanz
for name in secret_key datenbank_verwaltung datenbank_eigentuemer datenbank_portal; do
  [ -s "geheimnisse/$name" ] || openssl rand -hex 32 | tr -d '\n' > "geheimnisse/$name"
done
if [ ! -s geheimnisse/email_url ]; then
  printf 'smtp+tls://BENUTZER:PASSWORT@mail.example:587' > geheimnisse/email_url
  echo "Bitte tragen Sie in $(pwd)/geheimnisse/email_url Ihren Mailserver ein."
fi
# The folder is closed to everybody but its owner; the files are read in the containers by other user ids.
chmod 444 geheimnisse/*
# The set-up writes jobcenter.toml as the container's user.
if [ "$(id -u)" = 0 ]; then chown 10001:10001 instanz; else echo "Bitte als root: chown 10001:10001 $(pwd)/instanz"; fi
