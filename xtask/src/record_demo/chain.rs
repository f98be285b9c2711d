//! The chain that is being recorded: transactions go in, checked blocks come out.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::abi::{self, Address, Value};
use super::node::{Anvil, GENESIS_TIMESTAMP};
use super::rpc::{Rpc, quantity};
use crate::error::{Context as _, Result, fail};
use crate::hash::{from_hex, to_hex};

/// Seconds between blocks, as on mainnet.
const BLOCK_TIME: u64 = 12;
/// Enough for each call of the scenario but those that deploy a contract.
const CALL_GAS: u64 = 1_000_000;
/// Enough for each contract that is deployed, directly or by a factory.
const DEPLOY_GAS: u64 = 6_000_000;
/// 20 and 1 gwei: above the base fee of every block.
const MAX_FEE_PER_GAS: u64 = 20_000_000_000;
const PRIORITY_FEE_PER_GAS: u64 = 1_000_000_000;

/// A block as the node tells it: its header and all its logs.
pub(crate) struct Block {
    pub(crate) header: Json,
    pub(crate) logs: Vec<Json>,
}

/// One call of a contract's function.
pub(crate) struct Call {
    from: Address,
    to: Address,
    signature: &'static str,
    data: Vec<u8>,
    wei: u128,
    gas: u64,
}

impl Call {
    pub(crate) fn new(
        from: Address,
        to: Address,
        signature: &'static str,
        arguments: &[Value],
    ) -> Self {
        let data = abi::call(signature, arguments);
        Self {
            from,
            to,
            signature,
            data,
            wei: 0,
            gas: CALL_GAS,
        }
    }

    /// The same, paying.
    pub(crate) fn paying(self, wei: u128) -> Self {
        Self { wei, ..self }
    }

    /// The same with the gas to deploy a contract on the way.
    pub(crate) fn deploying(self) -> Self {
        Self {
            gas: DEPLOY_GAS,
            ..self
        }
    }
}

pub(crate) struct Chain {
    rpc: Rpc,
    accounts: Vec<Address>,
    nonces: BTreeMap<Address, u64>,
    /// Sent and not yet in a block: hash, and what it is in an error.
    pending: Vec<(String, String)>,
    blocks: Vec<Block>,
}

impl Chain {
    pub(crate) fn connect(anvil: &Anvil) -> Result<Self> {
        let mut rpc = Rpc::connect(anvil.address())?;
        let accounts = rpc.call("eth_accounts", &json!([]))?;
        let accounts = accounts.as_array().into_iter().flatten();
        let accounts = accounts.map(|account| account.as_str().and_then(Address::parse));
        let accounts = accounts
            .collect::<Option<Vec<_>>>()
            .context(|| "eth_accounts: not addresses".to_owned())?;
        Ok(Self {
            rpc,
            accounts,
            nonces: BTreeMap::new(),
            pending: Vec::new(),
            blocks: Vec::new(),
        })
    }

    /// The accounts whose keys the node has.
    pub(crate) fn accounts(&self) -> &[Address] {
        &self.accounts
    }

    /// How many blocks were made.
    pub(crate) fn height(&self) -> usize {
        self.blocks.len()
    }

    /// Every block that was made, from number 1.
    pub(crate) fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }

    /// Sends a transaction for the next block.
    pub(crate) fn send(&mut self, call: Call) -> Result<()> {
        let Call {
            from,
            to,
            signature,
            data,
            wei,
            gas,
        } = call;
        let transaction =
            json!({"to": to.to_string(), "value": format!("{wei:#x}"), "gas": format!("{gas:#x}")});
        self.submit(
            from,
            transaction,
            &data,
            format!("{signature} from {from} to {to}"),
        )
    }

    /// Deploys a contract in the next block and gives the address it will have there.
    pub(crate) fn deploy(
        &mut self,
        from: Address,
        creation_code: &[u8],
        arguments: &[Value],
    ) -> Result<Address> {
        let nonce = self.nonces.get(&from).copied().unwrap_or_default();
        let nonce = u8::try_from(nonce).ok().filter(|nonce| *nonce < 128);
        let nonce =
            nonce.context(|| format!("{from} has sent too much to deploy another contract"))?;
        let address = Address::of_contract(from, nonce);
        let data = [creation_code, &abi::encode(arguments)].concat();
        let transaction = json!({"gas": format!("{DEPLOY_GAS:#x}")});
        self.submit(
            from,
            transaction,
            &data,
            format!("the deployment of {address}"),
        )?;
        Ok(address)
    }

    fn submit(
        &mut self,
        from: Address,
        mut transaction: Json,
        data: &[u8],
        what: String,
    ) -> Result<()> {
        let nonce = self.nonces.entry(from).or_default();
        // The node is left nothing to choose: what it estimates may differ between versions.
        transaction["from"] = json!(from.to_string());
        transaction["nonce"] = json!(format!("{nonce:#x}"));
        transaction["data"] = json!(format!("0x{}", to_hex(data)));
        transaction["maxFeePerGas"] = json!(format!("{MAX_FEE_PER_GAS:#x}"));
        transaction["maxPriorityFeePerGas"] = json!(format!("{PRIORITY_FEE_PER_GAS:#x}"));
        *nonce += 1;
        let hash = self
            .rpc
            .call("eth_sendTransaction", &json!([transaction]))
            .context(|| what.clone())?;
        let hash = hash
            .as_str()
            .context(|| format!("{what}: no transaction hash"))?;
        self.pending.push((hash.to_owned(), what));
        Ok(())
    }

    /// Makes the next block of everything sent, and reads it back.
    ///
    /// # Errors
    ///
    /// When a transaction failed, is missing, or stands in another place than it was sent in.
    pub(crate) fn mine(&mut self) -> Result<()> {
        let number = self.blocks.len() as u64 + 1;
        let timestamp = GENESIS_TIMESTAMP + number * BLOCK_TIME;
        self.rpc
            .call("evm_setNextBlockTimestamp", &json!([timestamp]))?;
        self.rpc.call("evm_mine", &json!([]))?;
        let head = self.rpc.quantity("eth_blockNumber", &json!([]))?;
        if head != number {
            return fail!("the node is at block {head} where {number} was made");
        }
        let tag = format!("{number:#x}");
        let receipts = self.rpc.call("eth_getBlockReceipts", &json!([tag]))?;
        self.check_receipts(number, &receipts)?;
        let header = self
            .rpc
            .call("eth_getBlockByNumber", &json!([tag, false]))?;
        let logs = self
            .rpc
            .call("eth_getLogs", &json!([{"fromBlock": tag, "toBlock": tag}]))?;
        let Json::Array(logs) = logs else {
            return fail!("eth_getLogs of block {number}: not a list");
        };
        self.blocks.push(Block { header, logs });
        Ok(())
    }

    fn check_receipts(&mut self, number: u64, receipts: &Json) -> Result<()> {
        let receipts = receipts.as_array().map(Vec::as_slice).unwrap_or_default();
        let sent = std::mem::take(&mut self.pending);
        if receipts.len() != sent.len() {
            return fail!(
                "block {number} took {} of {} transactions",
                receipts.len(),
                sent.len()
            );
        }
        for (receipt, (hash, what)) in receipts.iter().zip(&sent) {
            if receipt["transactionHash"] != json!(hash) {
                return fail!("block {number}: another transaction stands in the place of {what}");
            }
            if quantity(&receipt["status"]) != Some(1) {
                let used = quantity(&receipt["gasUsed"]).unwrap_or_default();
                return fail!("block {number}: {what} was reverted after {used} gas");
            }
        }
        Ok(())
    }

    /// The first word that a function returns at the last block.
    pub(crate) fn ask(
        &mut self,
        to: Address,
        signature: &str,
        arguments: &[Value],
    ) -> Result<[u8; 32]> {
        let data = format!("0x{}", to_hex(&abi::call(signature, arguments)));
        let answer = self.rpc.call(
            "eth_call",
            &json!([{"to": to.to_string(), "data": data}, "latest"]),
        )?;
        let returned = answer.as_str().and_then(from_hex).unwrap_or_default();
        returned
            .first_chunk()
            .copied()
            .context(|| format!("{signature} of {to} returned less than a word"))
    }
}
