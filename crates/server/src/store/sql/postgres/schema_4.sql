-- Chains that were set through the API.
CREATE TABLE chains (
    -- Ids above 2^63 are negative here.
    chain_id   BIGINT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    -- Everything else, as JSON. Holds the endpoints' keys.
    settings   TEXT NOT NULL,
    active     BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Their creations that may be asked for again.
CREATE TABLE chain_creations (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- SHA-256 of the Idempotency-Key, and of the request.
    key_hash     BYTEA NOT NULL UNIQUE,
    request_hash BYTEA NOT NULL,
    created_at   BIGINT NOT NULL
);

-- Every instance reads the chains again.
CREATE FUNCTION event_streamer_chains_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('event_streamer', 'chains 0');
    RETURN NULL;
END
$$;

CREATE TRIGGER chains_changed AFTER INSERT OR UPDATE OR DELETE ON chains
    FOR EACH STATEMENT EXECUTE FUNCTION event_streamer_chains_changed();
