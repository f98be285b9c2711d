//! The event of the benchmark, borrowed from the line in every field that is a text.

use std::hint::black_box;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Transfer<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub value: &'a str,
    pub block_number: u64,
    pub transaction_hash: &'a str,
    pub log_index: u64,
    pub address: &'a str,
    pub timestamp: Option<&'a str>,
    pub block_hash: &'a str,
    pub transaction_index: u64,
    pub chain_id: u64,
    pub event_id: &'a str,
}

impl Transfer<'_> {
    /// Uses every field.
    pub fn read(&self) {
        black_box((self.from, self.to, self.value, self.block_number));
        black_box((
            self.transaction_hash,
            self.log_index,
            self.address,
            self.timestamp,
        ));
        black_box((
            self.block_hash,
            self.transaction_index,
            self.chain_id,
            self.event_id,
        ));
    }
}
