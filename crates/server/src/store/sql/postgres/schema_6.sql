-- A key that is taken back ends its streams at every instance.
DROP TRIGGER api_keys_changed ON api_keys;

CREATE TRIGGER api_keys_changed AFTER INSERT OR UPDATE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION event_streamer_keys_changed();
