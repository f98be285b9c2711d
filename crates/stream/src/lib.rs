//! Event Streamer's NDJSON stream: framing, typed messages and the session state machine, without IO.
