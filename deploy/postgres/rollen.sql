-- The two roles of the portal, as a superuser, once per server; runs again without harm (and sets the passwords anew).
--
--   psql --set passwort_eigentuemer=… --set passwort_portal=… --file rollen.sql
--
-- jobcenter_eigentuemer owns the tables: only migrations run as this role.
-- jobcenter reads and writes rows, and that is all: no TRUNCATE, no ALTER, no switching off of triggers.
\set ON_ERROR_STOP on

SELECT 'CREATE ROLE jobcenter_eigentuemer LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jobcenter_eigentuemer') \gexec
SELECT 'CREATE ROLE jobcenter LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jobcenter') \gexec
ALTER ROLE jobcenter_eigentuemer NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'passwort_eigentuemer';
ALTER ROLE jobcenter NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'passwort_portal';

SELECT 'CREATE DATABASE jobcenter OWNER jobcenter_eigentuemer' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'jobcenter') \gexec
REVOKE ALL ON DATABASE jobcenter FROM PUBLIC;
GRANT CONNECT ON DATABASE jobcenter TO jobcenter;

\connect jobcenter
ALTER SCHEMA public OWNER TO jobcenter_eigentuemer;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO jobcenter;
ALTER DEFAULT PRIVILEGES FOR ROLE jobcenter_eigentuemer IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jobcenter;
ALTER DEFAULT PRIVILEGES FOR ROLE jobcenter_eigentuemer IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO jobcenter;
-- what an earlier version of this file, or a restore, has left behind
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jobcenter;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO jobcenter;
