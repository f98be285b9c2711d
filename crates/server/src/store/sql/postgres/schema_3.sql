-- Creations that may be asked for again. They outlive their subscriptions, so that a late repetition
-- of the request does not bring a deleted one back.
CREATE TABLE creations (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber_id   TEXT NOT NULL,
    -- SHA-256 of the Idempotency-Key, and of the request.
    key_hash        BYTEA NOT NULL,
    request_hash    BYTEA NOT NULL,
    subscription_id BIGINT NOT NULL,
    -- What the request left to be found out.
    start_block     BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE UNIQUE INDEX creations_by_key ON creations (subscriber_id, key_hash);
CREATE INDEX creations_in_order ON creations (subscriber_id, id);
CREATE INDEX creations_by_age ON creations (created_at);
