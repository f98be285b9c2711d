//! Answers by method and path, for peers that use several connections at once.

use std::collections::VecDeque;

use super::request::RecordedRequest;
use super::script::{Reply, Script};

/// What answers which request. The first route that fits and has something left answers.
///
/// ```
/// use event_streamer_testkit::{Reply, Routes, Script};
///
/// let routes = Routes::new()
///     // One script for each request, in order.
///     .once("GET /subscriptions/7/stream", Script::new().respond(503, "busy"))
///     .once("GET /subscriptions/7/stream", Script::new().stream_head(&[]).await_hang_up())
///     // The same for every request.
///     .always("POST /stream/*/heartbeat", Reply::new(200, "{}"))
///     // Made from the request.
///     .answer("POST /subscriptions/7/stream/*/ack/batch", |request| {
///         Script::new().respond(200, request.body.clone())
///     });
/// # let _ = routes;
/// ```
#[derive(Default)]
#[must_use = "routes do nothing until a server has them"]
pub struct Routes {
    routes: Vec<Route>,
}

struct Route {
    pattern: String,
    answer: Answer,
}

enum Answer {
    Queue(VecDeque<Script>),
    Made(Box<dyn FnMut(&RecordedRequest) -> Script + Send>),
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plays a script for one request of this pattern; given several times, in this order.
    pub fn once(mut self, pattern: &str, script: Script) -> Self {
        let queue = self
            .routes
            .iter_mut()
            .find_map(|route| match &mut route.answer {
                Answer::Queue(queue) if route.pattern == pattern => Some(queue),
                _ => None,
            });
        match queue {
            Some(queue) => queue.push_back(script),
            None => self.add(pattern, Answer::Queue(VecDeque::from([script]))),
        }
        self
    }

    /// Answers every request of this pattern alike.
    pub fn always(self, pattern: &str, reply: Reply) -> Self {
        self.answer(pattern, move |_| Script::new().reply(&reply))
    }

    /// Answers every request of this pattern with the script that is made for it.
    pub fn answer(
        mut self,
        pattern: &str,
        make: impl FnMut(&RecordedRequest) -> Script + Send + 'static,
    ) -> Self {
        self.add(pattern, Answer::Made(Box::new(make)));
        self
    }

    fn add(&mut self, pattern: &str, answer: Answer) {
        self.routes.push(Route {
            pattern: pattern.to_owned(),
            answer,
        });
    }

    /// The script for a request, or `None` if no route has one (left).
    pub(super) fn script_for(&mut self, request: &RecordedRequest) -> Option<Script> {
        let mut fitting = self
            .routes
            .iter_mut()
            .filter(|route| request.matches(&route.pattern));
        fitting.find_map(|route| match &mut route.answer {
            Answer::Queue(queue) => queue.pop_front(),
            Answer::Made(make) => Some(make(request)),
        })
    }

    /// The patterns whose queued scripts were not all used.
    pub(super) fn unused(&self) -> Vec<String> {
        let left = self.routes.iter().filter_map(|route| match &route.answer {
            Answer::Queue(queue) if !queue.is_empty() => Some((&route.pattern, queue.len())),
            _ => None,
        });
        left.map(|(pattern, count)| format!("{count} script(s) left for {pattern}"))
            .collect()
    }
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.routes.iter().map(|route| &route.pattern))
            .finish()
    }
}
