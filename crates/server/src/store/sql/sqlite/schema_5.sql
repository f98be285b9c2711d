-- Batches that their consumers refused as often as they may, with their events.
CREATE TABLE dead_letters (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    created_at      INTEGER NOT NULL,
    first_block     INTEGER NOT NULL,
    last_block      INTEGER NOT NULL,
    events          INTEGER NOT NULL,
    refusals        INTEGER NOT NULL,
    reason          TEXT,
    bytes           INTEGER NOT NULL,
    body            TEXT NOT NULL
) STRICT;

CREATE INDEX dead_letters_in_order ON dead_letters (subscription_id, id);
