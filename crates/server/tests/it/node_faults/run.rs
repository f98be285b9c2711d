//! Plays cases, several at a time: most of the time they wait for an answer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use super::case::Case;

/// How many cases are played at once.
const AT_ONCE: usize = 8;

/// Plays them all; gives what was broken.
pub(super) fn all(cases: Vec<(String, Case)>) -> Vec<String> {
    let queue = Mutex::new(cases.into_iter());
    let broken = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    // Let go of before the case is played.
                    let next = queue.lock().unwrap().next();
                    let Some((line, case)) = next else { return };
                    let begun = Instant::now();
                    match play(case) {
                        Ok(()) => println!("ok     {line} ({:.1?})", begun.elapsed()),
                        Err(fault) => {
                            println!("BROKEN {line}\n{fault}");
                            broken.lock().unwrap().push(format!("{line}\n{fault}"));
                        }
                    }
                }
            });
        }
    });
    broken.into_inner().unwrap()
}

fn play(case: Case) -> Result<(), String> {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on((case.play)());
    }));
    played.map_err(|panic| text_of(&*panic))
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_owned()
}
