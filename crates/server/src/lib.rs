//! The Event Streamer service as a library: ingest from EVM nodes, store, deliver, HTTP API.
