//! The wire vocabulary of Event Streamer: subscriptions, batches, acknowledgements, chains, errors.
