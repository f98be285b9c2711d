//! Which extensions of the stream a client understands.

/// The features of `X-Event-Streamer-Features` (`docs/protocol.md`, section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// Reorgs come as `reorg` messages instead of errors.
    pub(crate) reorg: bool,
    /// `progress` messages, and `coverage` in batches.
    pub(crate) progress: bool,
    /// `complete` ends the stream after the end block.
    pub(crate) complete: bool,
    /// Events carry all their metadata.
    pub(crate) metadata: bool,
}

impl Features {
    /// Reads the header's value: names separated by commas. Names of later versions are ignored.
    pub(crate) fn parse(header: &str) -> Self {
        let mut features = Self::default();
        for name in header.split(',') {
            match name.trim() {
                "reorg" => features.reorg = true,
                "progress" => features.progress = true,
                "complete" => features.complete = true,
                "metadata" => features.metadata = true,
                _ => {}
            }
        }
        features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_in_any_order_and_strangers_ignored() {
        let features = Features::parse(" metadata,reorg , teleport,,");
        assert_eq!(
            features,
            Features {
                reorg: true,
                metadata: true,
                ..Features::default()
            }
        );
        assert_eq!(Features::parse(""), Features::default());
    }
}
