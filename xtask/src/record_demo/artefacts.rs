//! The published contracts that the recording is made with, pinned by version and by hash.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Context as _, Result, fail};
use crate::hash::{from_hex, keccak256, to_hex};
use crate::npm::Package;

/// Installed together, in this order of mention.
pub(crate) const PACKAGES: [Package; 5] =
    [OPENZEPPELIN, V2_CORE, V2_PERIPHERY, V3_CORE, V3_PERIPHERY];

const OPENZEPPELIN: Package = Package {
    name: "@openzeppelin/contracts",
    version: "4.9.6",
};
const V2_CORE: Package = Package {
    name: "@uniswap/v2-core",
    version: "1.0.1",
};
const V2_PERIPHERY: Package = Package {
    name: "@uniswap/v2-periphery",
    version: "1.1.0-beta.0",
};
const V3_CORE: Package = Package {
    name: "@uniswap/v3-core",
    version: "1.0.1",
};
const V3_PERIPHERY: Package = Package {
    name: "@uniswap/v3-periphery",
    version: "1.4.4",
};

/// A compiled contract inside a package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Artefact {
    package: Package,
    path: &'static str,
    /// Keccak-256 of the creation code: other code would make another recording.
    hash: &'static str,
}

pub(crate) const ERC20_FIXED_SUPPLY: Artefact = Artefact {
    package: OPENZEPPELIN,
    path: "build/contracts/ERC20PresetFixedSupply.json",
    hash: "26bb3705c8d96b17d5af31ff5a3f954709ea3b98df9d3325d2905a77e59814e7",
};
pub(crate) const ERC20_MINTER_PAUSER: Artefact = Artefact {
    package: OPENZEPPELIN,
    path: "build/contracts/ERC20PresetMinterPauser.json",
    hash: "80e3423ec9aa56c85733b66f0b164b6de0c7699dc2241c25be279fb9ccc0b023",
};
pub(crate) const ERC721_AUTO_ID: Artefact = Artefact {
    package: OPENZEPPELIN,
    path: "build/contracts/ERC721PresetMinterPauserAutoId.json",
    hash: "30fd8d0737f0310892cac7b934ab11feb378dc10d3d730fe3cd80861c54cf25d",
};
pub(crate) const ERC1155_MINTER_PAUSER: Artefact = Artefact {
    package: OPENZEPPELIN,
    path: "build/contracts/ERC1155PresetMinterPauser.json",
    hash: "508e132c20cbac825a04fa0fab664d370b3254a4868f1ff3d42ce56909c272c6",
};
pub(crate) const WETH9: Artefact = Artefact {
    package: V2_PERIPHERY,
    path: "build/WETH9.json",
    hash: "e6818d3e452d5d03c7fabb0e72a91ecc8e57af4a3fcabe601b24005ed7475a46",
};
pub(crate) const V2_FACTORY: Artefact = Artefact {
    package: V2_CORE,
    path: "build/UniswapV2Factory.json",
    hash: "8716c49c3c982e1d8b8beaab0a95d88cc5ec06681dded0f951fa1f3059c1e32a",
};
pub(crate) const V2_ROUTER: Artefact = Artefact {
    package: V2_PERIPHERY,
    path: "build/UniswapV2Router02.json",
    hash: "60ed3c9563fab19baceb6555668bf136db1f18d96b3b177f3726fccdb254f94b",
};
pub(crate) const V3_FACTORY: Artefact = Artefact {
    package: V3_CORE,
    path: "artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json",
    hash: "a9cb11ffa1b1bf9a9a2b70b66f6a22db3e8328b37ec44e6ce602749081efdb6d",
};
pub(crate) const V3_ROUTER: Artefact = Artefact {
    package: V3_PERIPHERY,
    path: "artifacts/contracts/SwapRouter.sol/SwapRouter.json",
    hash: "4ab2bb678b8aa5c9267d00ec2ac6e6603909f2a6c9e8c59daaaf5f4af1ba6710",
};
pub(crate) const V3_POSITIONS: Artefact = Artefact {
    package: V3_PERIPHERY,
    path: "artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
    hash: "6d4a795ab08d4b4737c563d58af66cd9c1fe56a4ff3258fec16fd7c5eeade093",
};

impl Artefact {
    /// The code that deploys the contract, from the packages installed below `dir`.
    pub(crate) fn creation_code(&self, dir: &Path) -> Result<Vec<u8>> {
        #[derive(Deserialize)]
        struct Compiled {
            bytecode: String,
        }
        let path = dir
            .join("node_modules")
            .join(self.package.name)
            .join(self.path);
        let text = fs::read(&path).context(|| format!("cannot read {}", path.display()))?;
        let compiled: Compiled =
            serde_json::from_slice(&text).context(|| format!("{}", path.display()))?;
        let code = from_hex(&compiled.bytecode).context(|| {
            format!(
                "{}: the bytecode is not hexadecimal (unlinked libraries?)",
                path.display()
            )
        })?;
        let hash = to_hex(&keccak256(&code));
        if hash == self.hash {
            Ok(code)
        } else {
            fail!(
                "{}: the creation code has the hash {hash}, not {}",
                path.display(),
                self.hash
            )
        }
    }
}
