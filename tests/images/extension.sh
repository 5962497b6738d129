#!/bin/bash
# The init script that a derived image brings along: an extension and a table of its own.
set -e
psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TABLE IF NOT EXISTS extension_marker (name citext PRIMARY KEY);
INSERT INTO extension_marker VALUES ('made by the image') ON CONFLICT DO NOTHING;
END
