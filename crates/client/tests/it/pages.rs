//! All subscriptions, page after page.

use std::future::poll_fn;
use std::pin::pin;

use event_streamer_client::{ErrorKind, SubscriptionPages};
use event_streamer_testkit::{RecordedRequest, Reply, Routes, Script, WireServer, answers};
use futures_core::Stream as _;
use serde_json::{Value, json};

use crate::harness::*;

const LIST: &str = "GET /subscriptions";

fn page(ids: impl IntoIterator<Item = u64>, total: usize, size: usize) -> Reply {
    let one: Value = serde_json::from_str(answers::SUBSCRIPTION).unwrap();
    let with_id = |id: u64| {
        let mut one = one.clone();
        one["id"] = json!(id);
        one
    };
    let subscriptions: Vec<Value> = ids.into_iter().map(with_id).collect();
    let body =
        json!({"subscriptions": subscriptions, "total": total, "page": 1, "page_size": size});
    Reply::json(200, &body)
}

/// The page of a list that a request asks for, at most `most` on it.
fn cut(list: &[u64], request: &RecordedRequest, most: usize) -> Reply {
    let number = |name| request.query(name).unwrap().parse::<usize>().unwrap();
    let size = number("page_size").min(most);
    let ids = list.iter().skip((number("page") - 1) * size).take(size);
    page(ids.copied(), list.len(), size)
}

/// A service whose list is another one at each request; the last stays.
async fn changing(lists: Vec<Vec<u64>>, most: usize) -> WireServer {
    let mut asked = 0;
    let answer = move |request: &RecordedRequest| {
        let list = &lists[asked.min(lists.len() - 1)];
        asked += 1;
        Script::new().reply(&cut(list, request, most))
    };
    WireServer::routed(Routes::new().answer(LIST, answer)).await
}

async fn ids(pages: &mut SubscriptionPages) -> Vec<u64> {
    let mut ids = Vec::new();
    while let Some(subscription) = pages.next().await.unwrap() {
        ids.push(subscription.id.get());
    }
    ids
}

#[tokio::test(start_paused = true)]
async fn every_subscription_is_given_once_and_pages_are_read_when_needed() {
    let list: Vec<u64> = (1..=250).collect();
    let server = changing(vec![list.clone()], 100).await;
    let mut pages = client(&server).list_all_subscriptions();
    assert!(server.requests().is_empty());
    pages.next().await.unwrap();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(ids(&mut pages).await, list[1..]);
    let targets: Vec<String> = server
        .requests()
        .into_iter()
        .map(|seen| seen.target)
        .collect();
    assert_eq!(
        targets[2],
        "/subscriptions?page=3&page_size=100&subscriber_id=tester"
    );
    assert_eq!(targets.len(), 3);
    assert!(pages.next().await.unwrap().is_none());

    // None, exactly one page, and a service that puts fewer on a page.
    for (list, most, requests) in [
        (vec![], 100, 1),
        ((1..=100).collect(), 100, 1),
        (list, 20, 13),
    ] {
        let server = changing(vec![list.clone()], most).await;
        assert_eq!(
            ids(&mut client(&server).list_all_subscriptions()).await,
            list
        );
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_added_meanwhile_neither_repeats_nor_hides_others() {
    let before: Vec<u64> = (1..=150).collect();
    let in_front: Vec<u64> = (900..905).chain(1..=150).collect();
    let behind: Vec<u64> = (1..=155).collect();
    for after in [in_front, behind] {
        let server = changing(vec![before.clone(), after], 100).await;
        let seen = ids(&mut client(&server).list_all_subscriptions()).await;
        assert_eq!(
            seen.iter().filter(|id| **id <= 150).count(),
            150,
            "each once"
        );
        assert!(before.iter().all(|id| seen.contains(id)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_moves_to_a_page_that_was_read_is_found_all_the_same() {
    let before: Vec<u64> = (1..=150).collect();
    // Ten of the first page are deleted: ten of the second move onto it.
    let after: Vec<u64> = (11..=150).collect();
    let server = changing(vec![before, after.clone()], 100).await;
    let seen = ids(&mut client(&server).list_all_subscriptions()).await;
    assert!(after.iter().all(|id| seen.contains(id)));
    assert_eq!(seen.len(), 150, "none twice");
    assert_eq!(server.requests().len(), 2 + 2, "read once more");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_keeps_shrinking_is_an_error() {
    let lists = (1..200).map(|n| (n..2_000).collect()).collect();
    let server = changing(lists, 100).await;
    let mut pages = client(&server).list_all_subscriptions();
    let error = loop {
        match pages.next().await {
            Ok(next) => assert!(next.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(pages.next().await.unwrap().is_none(), "that is its end");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_failed_is_tried_again_where_the_program_goes_on() {
    let routes = Routes::new()
        .once(LIST, Script::new().reply(&page(1..=100, 101, 100)))
        .once(LIST, Script::new().respond(503, ""))
        .once(LIST, Script::new().reply(&page([101], 101, 100)));
    let server = WireServer::routed(routes).await;
    let mut pages = pin!(client(&server).list_all_subscriptions());
    let mut given = 0;
    let mut failures = 0;
    while let Some(next) = poll_fn(|context| pages.as_mut().poll_next(context)).await {
        match next {
            Ok(_) => given += 1,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Service);
                failures += 1;
            }
        }
    }
    assert_eq!((given, failures), (101, 1));
    assert_eq!(server.requests()[2].query("page"), Some("2"));
}
