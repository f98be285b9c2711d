//! The newest canonical headers, each linked to the one below by its parent hash.

use std::collections::VecDeque;
use std::sync::Arc;

use event_streamer_models::{B256, BlockHeader, BlockRef, LogsBloom};

/// What is kept of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) number: u64,
    pub(crate) hash: B256,
    pub(crate) parent_hash: B256,
    /// Seconds since 1970.
    pub(crate) timestamp: u64,
    pub(crate) bloom: Option<LogsBloom>,
}

impl Header {
    pub(crate) fn block(&self) -> BlockRef {
        BlockRef {
            number: self.number,
            hash: self.hash,
        }
    }

    /// The block right below; `None` for the first block of a chain.
    pub(crate) fn parent(&self) -> Option<BlockRef> {
        let number = self.number.checked_sub(1)?;
        Some(BlockRef {
            number,
            hash: self.parent_hash,
        })
    }
}

impl From<BlockHeader> for Header {
    fn from(header: BlockHeader) -> Self {
        Self {
            number: header.number,
            hash: header.hash,
            parent_hash: header.parent_hash,
            timestamp: header.timestamp,
            bloom: header.logs_bloom,
        }
    }
}

/// Consecutive headers of one branch, the lowest first. Cheap to clone: headers are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeaderRing {
    headers: VecDeque<Arc<Header>>,
}

impl HeaderRing {
    pub(crate) fn len(&self) -> usize {
        self.headers.len()
    }

    pub(crate) fn head(&self) -> Option<&Arc<Header>> {
        self.headers.back()
    }

    pub(crate) fn bottom(&self) -> Option<&Arc<Header>> {
        self.headers.front()
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Arc<Header>> {
        let offset = number.checked_sub(self.bottom()?.number)?;
        self.headers.get(usize::try_from(offset).ok()?)
    }

    pub(crate) fn contains(&self, block: &BlockRef) -> bool {
        self.get(block.number)
            .is_some_and(|it| it.hash == block.hash)
    }

    /// The headers of `numbers` as far as they are here.
    pub(crate) fn range(&self, from: u64, to: u64) -> impl Iterator<Item = &Arc<Header>> {
        self.headers
            .iter()
            .skip_while(move |it| it.number < from)
            .take_while(move |it| it.number <= to)
    }

    /// Forgets everything and begins with one header.
    pub(crate) fn reset(&mut self, header: Arc<Header>) {
        self.headers.clear();
        self.headers.push_back(header);
    }

    /// Adds a header on top; false if it is no child of the head.
    #[must_use]
    pub(crate) fn push(&mut self, header: Arc<Header>) -> bool {
        let fits = self
            .head()
            .is_none_or(|head| header.parent() == Some(head.block()));
        if fits {
            self.headers.push_back(header);
        }
        fits
    }

    /// Adds a header below; false if it is not the parent of the bottom.
    #[must_use]
    pub(crate) fn prepend(&mut self, header: Arc<Header>) -> bool {
        let fits = self
            .bottom()
            .is_some_and(|bottom| bottom.parent() == Some(header.block()));
        if fits {
            self.headers.push_front(header);
        }
        fits
    }

    /// Forgets the headers above `number`.
    pub(crate) fn truncate_above(&mut self, number: u64) {
        while self.head().is_some_and(|head| head.number > number) {
            self.headers.pop_back();
        }
    }

    /// Forgets the lowest headers until at most `len` are left.
    pub(crate) fn keep(&mut self, len: usize) {
        while self.headers.len() > len {
            self.headers.pop_front();
        }
    }

    /// The highest block not above `number` that is in both rings.
    pub(crate) fn common_ancestor(&self, other: &Self, number: u64) -> Option<BlockRef> {
        self.headers
            .iter()
            .rev()
            .skip_while(|it| it.number > number)
            .map(|it| it.block())
            .find(|it| other.contains(it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::test_chain::header;

    fn ring(headers: &[(u64, u8, u8)]) -> HeaderRing {
        let mut ring = HeaderRing::default();
        for (number, hash, parent) in headers {
            assert!(ring.push(header(*number, *hash, *parent)));
        }
        ring
    }

    #[test]
    fn takes_only_what_links() {
        let mut ring = ring(&[(5, 5, 4), (6, 6, 5)]);
        assert!(!ring.push(header(8, 8, 6)));
        assert!(!ring.push(header(7, 7, 5)));
        assert!(!ring.prepend(header(3, 4, 3)));
        assert!(!ring.prepend(header(4, 9, 3)));
        assert!(ring.push(header(7, 7, 6)));
        assert!(ring.prepend(header(4, 4, 3)));
        assert_eq!(ring.len(), 4);
        assert_eq!(ring.get(3), None);
        assert_eq!(ring.get(8), None);
        assert_eq!(ring.get(5).unwrap().hash, header(5, 5, 4).hash);
        assert_eq!(
            ring.range(5, 6).map(|it| it.number).collect::<Vec<_>>(),
            [5, 6]
        );
        assert_eq!(ring.range(0, 99).count(), 4);
    }

    #[test]
    fn finds_the_common_ancestor() {
        let old = ring(&[(5, 5, 4), (6, 6, 5), (7, 7, 6)]);
        let new = ring(&[(4, 4, 3), (5, 5, 4), (6, 66, 5), (7, 77, 66), (8, 88, 77)]);
        let five = header(5, 5, 4).block();
        assert_eq!(old.common_ancestor(&new, 7), Some(five));
        assert_eq!(new.common_ancestor(&old, u64::MAX), Some(five));
        assert_eq!(old.common_ancestor(&new, 4), None);
        assert_eq!(old.common_ancestor(&HeaderRing::default(), 7), None);
    }
}
