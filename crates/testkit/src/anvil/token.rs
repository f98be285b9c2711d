//! A token on an anvil node: transfers at will.

use serde_json::{Value, json};

use super::Anvil;

/// The first of the node's own accounts, from its fixed mnemonic.
const ACCOUNT: &str = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/// `scatter(uint256,uint256)`: the selector.
const SCATTER: &str = "0x08794085";

/// A node with a deployed token, whose transfers all have another value.
#[derive(Debug)]
pub struct AnvilToken {
    /// The node.
    pub node: Anvil,
    /// The token's address.
    pub address: String,
    /// Every transfer has another value, so that no two blocks are the same.
    next: u64,
}

impl AnvilToken {
    /// Starts a node with these arguments and deploys the token.
    ///
    /// # Panics
    ///
    /// If either fails.
    pub async fn deploy(arguments: &[&str]) -> Self {
        let node = Anvil::start(arguments).await;
        let contract = super::contract("Token");
        let bytecode = contract["bytecode"].as_str().unwrap().to_owned() + &word(u64::MAX);
        let creation = json!({ "from": ACCOUNT, "data": bytecode, "gas": "0x1e8480" });
        let receipt = node.transact(creation).await;
        let address = receipt["contractAddress"].as_str().unwrap().to_owned();
        Self {
            node,
            address,
            next: 1,
        }
    }

    /// A transaction with so many transfers: `scatter(first, count)`.
    pub fn scatter(&mut self, count: u64) -> Value {
        let data = format!("{SCATTER}{}{}", word(self.next), word(count));
        self.next += count;
        json!({ "from": ACCOUNT, "to": self.address, "data": data, "gas": "0x1c9c380" })
    }

    /// One block with so many transfers.
    ///
    /// # Panics
    ///
    /// If the node refuses.
    pub async fn transfer(&mut self, count: u64) {
        let mut transaction = self.scatter(count);
        // Said, not left to the node: behind a revert its pool may count on from what is undone.
        let nonce = json!([ACCOUNT, "latest"]);
        transaction["nonce"] = self.node.call("eth_getTransactionCount", nonce).await;
        self.node.transact(transaction).await;
    }
}

fn word(number: u64) -> String {
    format!("{number:064x}")
}
