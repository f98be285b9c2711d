//! Ethereum contract ABIs, offline: parse, topic0, decode logs to JSON; safe on hostile input.
