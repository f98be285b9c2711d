-- Chains that were set through the API.
CREATE TABLE chains (
    -- Ids above 2^63 are negative here.
    chain_id   INTEGER PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    -- Everything else, as JSON. Holds the endpoints' keys.
    settings   TEXT NOT NULL,
    active     INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- Their creations that may be asked for again.
CREATE TABLE chain_creations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- SHA-256 of the Idempotency-Key, and of the request.
    key_hash     BLOB NOT NULL UNIQUE,
    request_hash BLOB NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;
