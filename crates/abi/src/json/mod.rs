//! Contract ABIs in JSON.

mod contract;
mod document;
mod element;
mod extract;
#[cfg(test)]
mod tests;
mod value;

pub use contract::{
    AbiConstructor, AbiCustomError, AbiFunction, ContractAbi, StateMutability, parse_contract_abi,
};
pub use extract::{extract_abi_event, extract_abi_events};
