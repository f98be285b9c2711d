//! Extensions of the protocol.

/// Extensions of the protocol that the client asks for (`docs/protocol.md`, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Notices of rollbacks. Without it, and with handlers but none for
    /// [`on_reorg`](crate::StreamingClient::on_reorg), the service reports `REORG_DETECTED` as an error.
    pub reorg: bool,
    /// The position also moves over blocks without events.
    pub progress: bool,
    /// The stream says when the subscription is delivered to its end.
    pub complete: bool,
    /// Events carry block hash, transaction index, chain id and event id.
    pub metadata: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            reorg: true,
            progress: true,
            complete: true,
            metadata: true,
        }
    }
}

impl Features {
    /// None: as the reference client.
    ///
    /// ```
    /// assert!(!event_streamer_client::Features::none().progress);
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self {
            reorg: false,
            progress: false,
            complete: false,
            metadata: false,
        }
    }

    /// The value of `X-Event-Streamer-Features`.
    pub(crate) fn header(self) -> String {
        [
            (self.reorg, "reorg"),
            (self.progress, "progress"),
            (self.complete, "complete"),
            (self.metadata, "metadata"),
        ]
        .into_iter()
        .filter_map(|(on, name)| on.then_some(name))
        .collect::<Vec<_>>()
        .join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_named_as_the_protocol_does() {
        assert_eq!(
            Features::default().header(),
            "reorg,progress,complete,metadata"
        );
        assert_eq!(Features::none().header(), "");
    }
}
