//! What may be set about chains through the API.

/// Limits of the chains that are set through the API. Plain data.
///
/// ```
/// use event_streamer_server::ChainApiConfig;
///
/// let rules = ChainApiConfig::default();
/// assert!(!rules.allow_private_rpc);
/// assert_eq!((rules.max_chains, rules.max_endpoints), (100, 16));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainApiConfig {
    /// Chains that are stored, deactivated ones too; of those the oldest make room. Default 100.
    pub max_chains: u32,
    /// Endpoints of one chain. Default 16.
    pub max_endpoints: usize,
    /// Lets endpoints be on addresses that are not public: loopback, private and link-local ones.
    /// Whoever may set a chain can then reach what this machine can reach. Default false. The
    /// chains of the configuration are not affected.
    pub allow_private_rpc: bool,
}

impl Default for ChainApiConfig {
    fn default() -> Self {
        Self {
            max_chains: 100,
            max_endpoints: 16,
            allow_private_rpc: false,
        }
    }
}

impl ChainApiConfig {
    /// Sets whether endpoints may be on addresses that are not public.
    #[must_use]
    pub fn with_allow_private_rpc(mut self, allow: bool) -> Self {
        self.allow_private_rpc = allow;
        self
    }

    pub(crate) fn fault(&self) -> Option<String> {
        (self.max_endpoints == 0)
            .then(|| "chain_api: a chain needs at least one endpoint".to_owned())
    }
}
