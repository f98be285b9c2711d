//! Scripted servers, fault proxies and oracles of Event Streamer's own tests.
