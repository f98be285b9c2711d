CREATE TABLE api_keys (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          TEXT NOT NULL,
    -- Null: an administrator's.
    subscriber_id TEXT,
    -- SHA-256 of its secret. The key itself is nowhere.
    hash          BYTEA NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT,
    revoked_at    BIGINT
);

-- Who has changed what. The oldest entries make room for new ones.
CREATE TABLE audit_log (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL
);

-- The first key makes every instance ask for one.
CREATE FUNCTION event_streamer_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('event_streamer', 'keys 0');
    RETURN NULL;
END
$$;

CREATE TRIGGER api_keys_changed AFTER INSERT ON api_keys
    FOR EACH ROW EXECUTE FUNCTION event_streamer_keys_changed();
