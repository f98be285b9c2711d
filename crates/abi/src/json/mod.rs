//! Contract ABIs in JSON.

mod contract;
mod document;
mod element;
mod extract;
mod library;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use contract::set_once;
pub use contract::{
    AbiConstructor, AbiCustomError, AbiFunction, ContractAbi, StateMutability, parse_contract_abi,
};
pub(crate) use document::read_elements;
pub use extract::{extract_abi_event, extract_abi_events};
