-- Batches that their consumers refused as often as they may, with their events.
CREATE TABLE dead_letters (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id BIGINT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    created_at      BIGINT NOT NULL,
    first_block     BIGINT NOT NULL,
    last_block      BIGINT NOT NULL,
    events          BIGINT NOT NULL,
    refusals        BIGINT NOT NULL,
    reason          TEXT,
    bytes           BIGINT NOT NULL,
    body            TEXT NOT NULL
);

CREATE INDEX dead_letters_in_order ON dead_letters (subscription_id, id);
