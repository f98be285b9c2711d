//! Readers of JSON in general, each at its best: a line at a time, borrowing where it can.

use std::collections::HashMap;
use std::hint::black_box;

use serde::Deserialize;
use serde_json::value::RawValue;
use simd_json::prelude::*;
use sonic_rs::{JsonContainerTrait, LazyValue};

use crate::contenders::{Contender, REFERENCE};
use crate::event::Transfer;
use crate::stream::Subject;

/// A batch with its events as `E`.
#[derive(Deserialize)]
struct Batch<'a, E> {
    #[serde(borrow)]
    batch_id: &'a str,
    #[serde(borrow)]
    connection_id: &'a str,
    subscription_id: u64,
    #[serde(borrow)]
    resume_token: &'a str,
    sequence: u64,
    batch_size: u64,
    #[serde(borrow)]
    events: HashMap<&'a str, Vec<E>>,
}

impl<E> Batch<'_, E> {
    fn count(&self) -> usize {
        black_box((self.batch_id, self.connection_id, self.resume_token));
        black_box((self.subscription_id, self.sequence, self.batch_size));
        self.events.values().map(Vec::len).sum()
    }
}

impl Batch<'_, Transfer<'_>> {
    fn read(&self) -> usize {
        self.events.values().flatten().for_each(Transfer::read);
        self.count()
    }
}

pub fn all(subject: &Subject) -> Vec<Contender<'_>> {
    vec![
        by_line("serde_json, `Value`", subject, |line| {
            let batch: serde_json::Value = serde_json::from_slice(line).expect("JSON");
            let lists = batch["events"].as_object().expect("an object");
            lists
                .values()
                .filter_map(|list| list.as_array())
                .map(Vec::len)
                .sum()
        }),
        by_line("serde_json, typed", subject, |line| {
            let batch: Batch<'_, Transfer<'_>> = serde_json::from_slice(line).expect("a batch");
            batch.read()
        }),
        by_line("serde_json, `RawValue`", subject, |line| {
            let batch: Batch<'_, &RawValue> = serde_json::from_slice(line).expect("a batch");
            batch.count()
        }),
        by_line("sonic-rs, `Value`", subject, |line| {
            let batch: sonic_rs::Value = sonic_rs::from_slice(line).expect("JSON");
            let lists = batch["events"].as_object().expect("an object");
            lists
                .iter()
                .filter_map(|(_, list)| list.as_array())
                .map(|list| list.len())
                .sum()
        }),
        by_line(REFERENCE, subject, |line| {
            let batch: Batch<'_, Transfer<'_>> = sonic_rs::from_slice(line).expect("a batch");
            batch.read()
        }),
        by_line("sonic-rs, `LazyValue`", subject, |line| {
            let batch: Batch<'_, LazyValue<'_>> = sonic_rs::from_slice(line).expect("a batch");
            batch.count()
        }),
        // It writes into what it reads, so the line is copied first.
        by_line("simd-json, `BorrowedValue`", subject, |line| {
            let mut line = line.to_vec();
            let batch = simd_json::to_borrowed_value(&mut line).expect("JSON");
            let lists = batch["events"].as_object().expect("an object");
            lists
                .values()
                .filter_map(|list| list.as_array())
                .map(|list| list.len())
                .sum()
        }),
        by_line("simd-json, typed", subject, |line| {
            let mut line = line.to_vec();
            let batch: Batch<'_, Transfer<'_>> = simd_json::from_slice(&mut line).expect("a batch");
            batch.read()
        }),
    ]
}

fn by_line<'a>(
    name: &'static str,
    subject: &'a Subject,
    read: fn(&[u8]) -> usize,
) -> Contender<'a> {
    Contender::new(name, subject, move |subject| {
        subject.lines().map(read).sum()
    })
}
