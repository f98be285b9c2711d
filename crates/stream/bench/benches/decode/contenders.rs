//! Who reads, and what of it.

use crate::stream::Subject;
use crate::{ours, peers};

/// What everything is compared with.
pub const REFERENCE: &str = "sonic-rs, typed";

pub struct Contender<'a> {
    pub name: &'static str,
    /// Reads the whole subject once.
    pub read_all: Box<dyn Fn() + 'a>,
}

impl<'a> Contender<'a> {
    /// `read` answers how many events it saw, which is held against the subject each time.
    pub fn new(
        name: &'static str,
        subject: &'a Subject,
        read: impl Fn(&Subject) -> usize + 'a,
    ) -> Self {
        let read_all = Box::new(move || assert_eq!(read(subject), subject.events, "{name}"));
        Self { name, read_all }
    }
}

pub fn all(subject: &Subject) -> Vec<Contender<'_>> {
    let mut contenders = peers::all(subject);
    contenders.extend(ours::all(subject));
    contenders
}
