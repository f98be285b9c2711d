//! The Event Streamer client: subscriptions, streaming with resume, acknowledgements, handlers.
