//! An EVM node for offline use: serves a recording over real JSON-RPC, HTTP and WebSocket.
