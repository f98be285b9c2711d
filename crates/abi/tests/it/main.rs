//! Tests through the public interface: hostile input, real ABIs and logs, and `ethabi` as oracle.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests fail like tests, and say what they run without"
)]

mod abi_corpus;
mod abi_json;
mod allocations;
mod catalogue;
mod chain_data;
mod codegen;
mod conversion;
mod corpus;
mod hostile;
mod mainnet;
mod oracle;
mod properties;
mod test_data;
mod zoo;
