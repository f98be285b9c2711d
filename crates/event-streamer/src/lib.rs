//! Receive the events of EVM contracts: every event, decoded, in order, none lost.
