//! All subscriptions, page after page.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use event_streamer_models::{SubscriptionId, SubscriptionListResponse, SubscriptionResponse};

use crate::error::{Error, ErrorKind};
use crate::event_streamer::EventStreamer;

/// The most that a service puts on a page (`docs/protocol.md`, section 2).
const PAGE_SIZE: u64 = 100;

/// The most pages that are read in one go.
const MAX_PAGES: u64 = 10_000;

/// How often the list is read again because it became shorter meanwhile.
const MAX_READINGS: u32 = 5;

/// All subscriptions of a subscriber; made by
/// [`EventStreamer::list_all_subscriptions`](crate::EventStreamer::list_all_subscriptions). Also a
/// [`futures_core::Stream`].
///
/// Pages of 100 are read as they are needed. None is given twice, though others are added or deleted
/// meanwhile: what was seen is left out, and when the list became shorter, so that others may have moved
/// onto pages that were read already, it is read again. One that is added meanwhile may be given or not.
/// At most 10,000 pages are read.
///
/// Up to 100 subscriptions are one page and so one moment. Of more, each that is there the whole time is
/// given too, with one exception: a service tells only how long its list is, so if between two pages as
/// many are added as are deleted from the pages before, one that moved across may be left out. Where
/// that matters, read again, or hold the program's own list against it.
pub struct SubscriptionPages {
    client: EventStreamer,
    /// Read and not given yet.
    ready: VecDeque<SubscriptionResponse>,
    seen: HashSet<SubscriptionId>,
    reading: Option<Reading>,
    next_page: u64,
    /// The shortest list that this reading has seen, if it has seen any page.
    total: Option<u64>,
    shrunk: bool,
    readings: u32,
    ended: bool,
}

type Reading = Pin<Box<dyn Future<Output = Result<SubscriptionListResponse, Error>> + Send>>;

impl SubscriptionPages {
    pub(super) fn new(client: EventStreamer) -> Self {
        Self {
            client,
            ready: VecDeque::new(),
            seen: HashSet::new(),
            reading: None,
            next_page: 1,
            total: None,
            shrunk: false,
            readings: 1,
            ended: false,
        }
    }

    /// The next subscription; `None` when there are no more. Cancel safe.
    ///
    /// # Errors
    ///
    /// As [`list_subscriptions`](crate::EventStreamer::list_subscriptions); asked again, the same page
    /// is tried again. [`Conflict`](ErrorKind::Conflict) if the list kept becoming shorter while it was
    /// read five times, [`Protocol`](ErrorKind::Protocol) if it has more than 10,000 pages; these are the
    /// end.
    pub async fn next(&mut self) -> Result<Option<SubscriptionResponse>, Error> {
        poll_fn(|context| self.poll(context)).await.transpose()
    }

    fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<SubscriptionResponse, Error>>> {
        loop {
            if let Some(subscription) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(subscription)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            let reading = match &mut self.reading {
                Some(reading) => reading,
                none => {
                    let (client, page) = (self.client.clone(), self.next_page);
                    let reading = async move { client.list_subscriptions(page, PAGE_SIZE).await };
                    none.insert(Box::pin(reading))
                }
            };
            let answer = ready!(reading.as_mut().poll(context));
            self.reading = None;
            if let Err(error) = answer.and_then(|page| self.take_in(page)) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    /// Keeps what is new of a page, and decides which is read next.
    fn take_in(&mut self, page: SubscriptionListResponse) -> Result<(), Error> {
        let total = page.total;
        self.shrunk |= self.total.is_some_and(|before| total < before);
        self.total = Some(total);
        let is_empty = page.subscriptions.is_empty();
        // Some services put fewer on a page than they were asked for, and say so.
        let size = match page.page_size {
            0 => PAGE_SIZE,
            size => size,
        };
        let seen = &mut self.seen;
        let new = page.subscriptions.into_iter();
        self.ready
            .extend(new.filter(|subscription| seen.insert(subscription.id)));

        let is_last = is_empty || self.next_page.saturating_mul(size) >= total;
        if !is_last && self.next_page >= MAX_PAGES {
            self.ended = true;
            let message = format!("list subscriptions: there are more than {MAX_PAGES} pages");
            return Err(Error::new(ErrorKind::Protocol, message));
        }
        if !is_last {
            self.next_page += 1;
        } else if self.shrunk {
            self.read_again()?;
        } else {
            self.ended = true;
        }
        Ok(())
    }

    fn read_again(&mut self) -> Result<(), Error> {
        if self.readings >= MAX_READINGS {
            self.ended = true;
            let message = "list subscriptions: they are deleted faster than they can be listed";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        self.readings += 1;
        self.next_page = 1;
        self.shrunk = false;
        Ok(())
    }
}

impl futures_core::Stream for SubscriptionPages {
    type Item = Result<SubscriptionResponse, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl fmt::Debug for SubscriptionPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscriptionPages")
            .field("next_page", &self.next_page)
            .field("seen", &self.seen.len())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_end_is_not_read_without_end() {
        let client = EventStreamer::new("http://events.test", "tester").unwrap();
        let mut pages = client.list_all_subscriptions();
        let page = SubscriptionListResponse {
            subscriptions: vec![
                serde_json::from_str(event_streamer_testkit::answers::SUBSCRIPTION).unwrap(),
            ],
            total: u64::MAX,
            page_size: 1,
            ..SubscriptionListResponse::default()
        };
        for _ in 1..MAX_PAGES {
            pages.take_in(page.clone()).unwrap();
        }
        assert_eq!(pages.next_page, MAX_PAGES);
        let error = pages.take_in(page).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(pages.ended);
    }
}
