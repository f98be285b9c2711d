-- One row: how many migrations the file has seen.
CREATE TABLE event_streamer_schema (
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE subscriptions (
    -- AUTOINCREMENT: the id of a deleted subscription never comes back, nor do its tokens.
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber_id TEXT NOT NULL,
    chain_id      INTEGER NOT NULL,
    -- The whole of what is asked for, as JSON.
    spec          TEXT NOT NULL,
    paused        INTEGER NOT NULL DEFAULT 0,
    failure       TEXT,
    revision      INTEGER NOT NULL DEFAULT 0,
    epoch         INTEGER NOT NULL DEFAULT 0,
    -- Milliseconds since 1970, UTC.
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX subscriptions_by_subscriber ON subscriptions (subscriber_id, id);

-- Apart from the subscriptions: acknowledgements are written far more often than anything else,
-- and these rows are small.
CREATE TABLE positions (
    subscription_id  INTEGER PRIMARY KEY REFERENCES subscriptions (id) ON DELETE CASCADE,
    block_number     INTEGER NOT NULL,
    block_hash       BLOB NOT NULL,
    -- Null: the whole block is done.
    log_index        INTEGER,
    events_delivered INTEGER NOT NULL,
    last_event_id    TEXT,
    -- Of everything above: a position that a failing disk changed would lose events in silence.
    checksum         BLOB NOT NULL
) STRICT;
