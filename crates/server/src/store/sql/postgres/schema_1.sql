-- One row: how many migrations the database has seen.
CREATE TABLE event_streamer_schema (
    version BIGINT NOT NULL
);

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY NOT NULL,
    value BYTEA NOT NULL
);

CREATE TABLE subscriptions (
    -- Never handed out twice: the id of a deleted subscription never comes back, nor do its tokens.
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber_id TEXT NOT NULL,
    chain_id      BIGINT NOT NULL,
    -- The whole of what is asked for, as JSON.
    spec          TEXT NOT NULL,
    paused        BIGINT NOT NULL DEFAULT 0,
    failure       TEXT,
    revision      BIGINT NOT NULL DEFAULT 0,
    epoch         BIGINT NOT NULL DEFAULT 0,
    -- Milliseconds since 1970, UTC.
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

CREATE INDEX subscriptions_by_subscriber ON subscriptions (subscriber_id, id);

-- Apart from the subscriptions: acknowledgements are written far more often than anything else,
-- and these rows are small.
CREATE TABLE positions (
    subscription_id  BIGINT PRIMARY KEY REFERENCES subscriptions (id) ON DELETE CASCADE,
    block_number     BIGINT NOT NULL,
    block_hash       BYTEA NOT NULL,
    -- Null: the whole block is done.
    log_index        BIGINT,
    events_delivered BIGINT NOT NULL,
    last_event_id    TEXT,
    -- Of everything above: a position that a failing disk changed would lose events in silence.
    checksum         BYTEA NOT NULL
);

-- Tells the other instances, when the change is committed.
CREATE FUNCTION event_streamer_subscription_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('event_streamer', 'subscription ' || OLD.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER subscriptions_changed AFTER UPDATE OR DELETE ON subscriptions
    FOR EACH ROW EXECUTE FUNCTION event_streamer_subscription_changed();
