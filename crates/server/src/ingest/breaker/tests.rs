use proptest::prelude::*;

use super::*;

const RECOVERY: Duration = Duration::from_secs(10);

fn breaker() -> Breaker {
    Breaker::new(BreakerConfig {
        failure_threshold: 3,
        recovery_timeout: RECOVERY,
        success_threshold: 2,
        half_open_max_calls: 2,
    })
}

/// A clock that is moved by hand.
struct Clock(Now);

impl Clock {
    fn new() -> Self {
        Self(Now::read())
    }

    fn pass(&mut self, time: Duration) {
        self.0.instant += time;
        self.0.wall += time;
    }
}

fn fail(breaker: &mut Breaker, clock: &Clock, times: u32) {
    for _ in 0..times {
        let ticket = breaker.admit(clock.0.instant).unwrap();
        breaker.failed(ticket, clock.0);
    }
}

fn succeed(breaker: &mut Breaker, clock: &Clock) {
    let ticket = breaker.admit(clock.0.instant).unwrap();
    breaker.succeeded(ticket, clock.0);
}

#[test]
fn failures_in_a_row_open_it_and_successes_close_it() {
    let (mut breaker, mut clock) = (breaker(), Clock::new());
    fail(&mut breaker, &clock, 2);
    succeed(&mut breaker, &clock);
    fail(&mut breaker, &clock, 2);
    assert_eq!(breaker.state(), BreakerState::Closed);
    fail(&mut breaker, &clock, 1);
    assert_eq!(breaker.state(), BreakerState::Open);
    let until = clock.0.instant + RECOVERY;
    assert_eq!(breaker.admits(clock.0.instant), Err(Some(until)));
    assert_eq!(breaker.admit(clock.0.instant), None);

    clock.pass(RECOVERY);
    succeed(&mut breaker, &clock);
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    succeed(&mut breaker, &clock);
    assert_eq!(breaker.state(), BreakerState::Closed);
    let seen = breaker.snapshot();
    assert_eq!((seen.failures, seen.successes), (5, 3));
    assert_eq!(seen.total_calls(), 8);
    assert_eq!(seen.consecutive_successes, 2);
    assert_eq!(seen.half_open_calls, 2);
    assert_eq!(seen.last_success, Some(clock.0.wall));
    assert_eq!(seen.last_failure, Some(clock.0.wall - RECOVERY));
    let transitions = [
        ("closed_to_open", 1),
        ("half_open_to_closed", 1),
        ("open_to_half_open", 1),
    ];
    assert_eq!(seen.transitions, BTreeMap::from(transitions));
}

#[test]
fn half_open_it_lets_few_through_and_one_failure_opens_it_again() {
    let (mut breaker, mut clock) = (breaker(), Clock::new());
    fail(&mut breaker, &clock, 3);
    clock.pass(RECOVERY);
    let now = clock.0.instant;
    let (first, second) = (breaker.admit(now).unwrap(), breaker.admit(now).unwrap());
    assert_eq!(breaker.admits(now), Err(None));
    // A call that was given up makes room.
    breaker.given_up(first);
    let third = breaker.admit(now).unwrap();
    breaker.failed(second, clock.0);
    assert_eq!(breaker.state(), BreakerState::Open);
    // What comes back late moves nothing, whatever it says.
    breaker.succeeded(third, clock.0);
    breaker.failed(third, clock.0);
    assert_eq!(breaker.admits(now), Err(Some(now + RECOVERY)));
    assert_eq!(breaker.snapshot().failures, 5);
}

#[test]
fn a_reset_closes_it_at_once() {
    let (mut breaker, clock) = (breaker(), Clock::new());
    let late = breaker.admit(clock.0.instant).unwrap();
    fail(&mut breaker, &clock, 3);
    breaker.reset();
    assert_eq!(breaker.state(), BreakerState::Closed);
    // Failures from before count no more.
    for _ in 0..3 {
        breaker.failed(late, clock.0);
    }
    fail(&mut breaker, &clock, 2);
    assert_eq!(breaker.state(), BreakerState::Closed);
    assert_eq!(breaker.snapshot().transitions["open_to_closed"], 1);
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Admit,
    /// One of the calls under way comes back.
    Succeed(usize),
    Fail(usize),
    GiveUp(usize),
    Pass(u64),
    Reset,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => Just(Act::Admit),
        2 => any::<usize>().prop_map(Act::Succeed),
        3 => any::<usize>().prop_map(Act::Fail),
        1 => any::<usize>().prop_map(Act::GiveUp),
        2 => (0..12_u64).prop_map(Act::Pass),
        1 => Just(Act::Reset),
    ];
    proptest::collection::vec(act, 0..200)
}

proptest! {
    /// Whatever comes back in whatever order: an open breaker lets nothing through before its
    /// time, a half-open one never more calls than it may, a closed one everything; and left alone
    /// for the recovery time it lets something through, unless a call is still under way.
    #[test]
    fn keeps_its_promises(acts in acts()) {
        let (mut breaker, mut clock) = (breaker(), Clock::new());
        let mut under_way: Vec<(Ticket, BreakerState)> = Vec::new();
        let mut opened_at = clock.0.instant;
        let mut ended = 0;
        for act in acts {
            let before = breaker.state();
            let mut take = |index: usize| -> Option<(Ticket, BreakerState)> {
                (!under_way.is_empty()).then(|| under_way.swap_remove(index % under_way.len()))
            };
            match act {
                Act::Admit => {
                    let now = clock.0.instant;
                    let admitted = breaker.admit(now);
                    prop_assert_eq!(admitted.is_some(), match before {
                        BreakerState::Closed => true,
                        BreakerState::Open => now >= opened_at + RECOVERY,
                        _ => under_way.iter().filter(|(ticket, _)| ticket.period == breaker.period).count() < 2,
                    });
                    under_way.extend(admitted.map(|it| (it, breaker.state())));
                }
                Act::Succeed(index) => if let Some((ticket, _)) = take(index) {
                    breaker.succeeded(ticket, clock.0);
                    ended += 1;
                    prop_assert!(breaker.state() != BreakerState::Open || before == BreakerState::Open);
                },
                Act::Fail(index) => if let Some((ticket, admitted_in)) = take(index) {
                    let is_late = ticket.period != breaker.period;
                    breaker.failed(ticket, clock.0);
                    ended += 1;
                    if !is_late && admitted_in == BreakerState::HalfOpen {
                        prop_assert_eq!(breaker.state(), BreakerState::Open);
                    }
                    if is_late {
                        prop_assert_eq!(breaker.state(), before.clone());
                    }
                },
                Act::GiveUp(index) => if let Some((ticket, _)) = take(index) {
                    breaker.given_up(ticket);
                    prop_assert_eq!(breaker.state(), before.clone());
                },
                Act::Pass(seconds) => clock.pass(Duration::from_secs(seconds)),
                Act::Reset => {
                    breaker.reset();
                    prop_assert_eq!(breaker.state(), BreakerState::Closed);
                }
            }
            if breaker.state() == BreakerState::Open && before != BreakerState::Open {
                opened_at = clock.0.instant;
            }
            prop_assert_eq!(breaker.snapshot().total_calls(), ended);
        }
        for (ticket, _) in under_way {
            breaker.given_up(ticket);
        }
        clock.pass(RECOVERY);
        prop_assert!(breaker.admit(clock.0.instant).is_some());
    }
}
