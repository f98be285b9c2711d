//! The whole system: node, service and client, as a user runs them.

mod anvil;
mod chains;
mod crash;
mod demo;
mod process;
mod python;
mod serve;
mod watch;
