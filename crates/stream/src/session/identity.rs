//! What tells a batch from others.

use std::sync::Arc;

use event_streamer_models::{BatchId, ResponseId, ResumeToken};

use crate::batch::Batch;

/// By what a batch is recognised, as text of its line. Older services have no batch ids, D's examples
/// no others.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Identity<'a> {
    Batch(&'a str),
    Response(&'a str),
    Position(&'a str),
}

impl<'a> Identity<'a> {
    /// `None` if the batch has nothing to be recognised by.
    pub(crate) fn of(batch: &'a Batch) -> Option<Self> {
        batch
            .batch_id_text()
            .map(Self::Batch)
            .or_else(|| batch.response_id_text().map(Self::Response))
            .or_else(|| batch.token_text().map(Self::Position))
    }

    pub(crate) fn text(self) -> &'a str {
        match self {
            Self::Batch(text) | Self::Response(text) | Self::Position(text) => text,
        }
    }

    /// The same without the line.
    pub(crate) fn to_owned(self) -> OwnedIdentity {
        match self {
            Self::Batch(text) => OwnedIdentity::Batch(text.into()),
            Self::Response(text) => OwnedIdentity::Response(text.into()),
            Self::Position(text) => OwnedIdentity::Position(text.into()),
        }
    }
}

/// The same without the line.
#[derive(Debug)]
pub(crate) enum OwnedIdentity {
    Batch(BatchId),
    Response(ResponseId),
    Position(ResumeToken),
}

impl OwnedIdentity {
    pub(crate) fn into_shared(self) -> Arc<str> {
        match self {
            Self::Batch(id) => id.into(),
            Self::Response(id) => id.into(),
            Self::Position(token) => token.into(),
        }
    }
}
