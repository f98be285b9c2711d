//! What may happen, and when: the reference that the transitions are generated from.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

/// One thing that happens.
#[derive(Debug, Clone)]
pub(super) enum Transition {
    /// The service sends the next batch, of so many events.
    Send(usize),
    /// It sends word of blocks without events.
    Progress,
    /// A batch is lost on the way.
    Lose(usize),
    /// Word of blocks without events is lost.
    LoseProgress,
    /// The service shows that it is there.
    Heartbeat,
    /// A batch of the connection comes again.
    Repeat(usize),
    /// The next batch comes with a flaw.
    Flawed(Flaw),
    /// The connection breaks; the next one begins so many logs too early.
    Cut { unit: f64, early: u64 },
    /// The service cannot serve, and wants to be left alone for so many seconds.
    Refuse { unit: f64, seconds: u64 },
    /// The chain forks, so many blocks deep; if it is not heard, the connection breaks before the
    /// notice.
    Reorganise { depth: u64, heard: bool },
    /// The same, and only the notice is lost.
    LoseNotice { depth: u64 },
    /// The application is done with one of the deliveries that it holds.
    Handle(usize),
    /// The application wrote the oldest of them and its position in one transaction.
    Commit,
    /// The store begins to write the checkpoint that is due.
    Checkpoint,
    /// The store has one of those that it began to write; the session may not hear of it.
    Save { which: usize, heard: bool },
    /// One of them is lost.
    Drop(usize),
    /// An acknowledgement is sent, if one is due.
    Acknowledge { flush: bool },
    /// This comes of it.
    Answer(Answer),
    /// The process dies, and begins again where its store or the service says. Its store may be lost.
    Crash { stored: bool },
    /// The application stops and starts again in the same process.
    Rewind,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Flaw {
    Foreign,
    FalseSize,
    /// A batch that was never sent under a sequence that was.
    Stranger,
    /// Events that were delivered, under another id and the right sequence.
    Backwards,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Taken,
    TakenButUnheard,
    Partly,
    Refused,
    Unavailable,
    Unknown,
    Unsupported,
}

/// Names of all transitions as they are counted.
pub(super) const KINDS: [&str; 42] = [
    "send",
    "send part of it",
    "send again in another batch",
    "send after a loss",
    "send nothing",
    "progress",
    "progress after a loss",
    "blocks left out",
    "heartbeat",
    "heartbeat after a loss",
    "lose",
    "lose progress",
    "lose a notice",
    "repeat",
    "foreign",
    "false size",
    "stranger",
    "backwards",
    "cut",
    "cut and early",
    "refuse",
    "reorganise heard",
    "reorganise after a loss",
    "reorganise unheard",
    "rollback at connect",
    "handle in order",
    "handle out of order",
    "commit",
    "checkpoint",
    "save",
    "save late",
    "save unheard",
    "drop",
    "acknowledge batches",
    "acknowledge position",
    "taken",
    "refused or in part",
    "unavailable",
    "unknown",
    "crash",
    "crash without its store",
    "rewind",
];

/// What the generator must know: the setting, and whether the service has lost a batch that the
/// client does not miss yet. It may think so too long, as the client's own reconnects are not seen
/// from here.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// The application has a checkpoint store; else the service keeps the position.
    pub(super) store: bool,
    /// The client understands notices of rollbacks and gets hashes of blocks.
    pub(super) extended: bool,
    /// The service counts what moves the position.
    pub(super) steps: bool,
    lost: bool,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Transition;

    fn init_state() -> BoxedStrategy<Self> {
        (
            any::<bool>(),
            prop::bool::weighted(0.75),
            prop::bool::weighted(0.6),
        )
            .prop_map(|(store, extended, steps)| Self {
                store,
                extended,
                steps,
                lost: false,
            })
            .boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Transition> {
        let unit = || 0.0f64..1.0;
        // What else than a batch tells of a loss comes soon behind it.
        let telling = if state.lost { 12 } else { 2 };
        prop_oneof![
            20 => (0usize..5).prop_map(Transition::Send),
            telling => Just(Transition::Progress),
            2 => (0usize..9).prop_map(Transition::Lose),
            1 => Just(Transition::LoseProgress),
            telling / 2 => Just(Transition::Heartbeat),
            1 => (0u64..3).prop_map(|depth| Transition::LoseNotice { depth }),
            3 => any::<usize>().prop_map(Transition::Repeat),
            2 => flaw().prop_map(Transition::Flawed),
            2 => (unit(), 0u64..12).prop_map(|(unit, early)| Transition::Cut { unit, early: early.saturating_sub(6) }),
            1 => (unit(), 0u64..60).prop_map(|(unit, seconds)| Transition::Refuse { unit, seconds }),
            telling => (0u64..3, any::<bool>()).prop_map(|(depth, heard)| Transition::Reorganise { depth, heard }),
            20 => any::<usize>().prop_map(Transition::Handle),
            2 => Just(Transition::Commit),
            8 => Just(Transition::Checkpoint),
            8 => (any::<usize>(), prop::bool::weighted(0.7)).prop_map(|(which, heard)| Transition::Save { which, heard }),
            2 => any::<usize>().prop_map(Transition::Drop),
            14 => any::<bool>().prop_map(|flush| Transition::Acknowledge { flush }),
            14 => answer().prop_map(Transition::Answer),
            1 => prop::bool::weighted(0.7).prop_map(|stored| Transition::Crash { stored }),
            1 => Just(Transition::Rewind),
        ]
        .boxed()
    }

    fn apply(mut state: Self, transition: &Transition) -> Self {
        match transition {
            Transition::Lose(_) | Transition::LoseProgress | Transition::LoseNotice { .. } => {
                state.lost = true;
            }
            // The other flaws need batches that came, and may do nothing.
            Transition::Flawed(Flaw::Foreign | Flaw::FalseSize)
            | Transition::Send(_)
            | Transition::Cut { .. }
            | Transition::Refuse { .. }
            | Transition::Reorganise { .. }
            | Transition::Crash { .. }
            | Transition::Rewind => state.lost = false,
            Transition::Progress | Transition::Heartbeat if state.steps => state.lost = false,
            _ => {}
        }
        state
    }

    /// Where only batches are counted, nothing tells that a notice is lost, and of a lost batch no
    /// other notice does.
    fn preconditions(state: &Self, transition: &Transition) -> bool {
        match transition {
            Transition::LoseNotice { .. } | Transition::LoseProgress => state.steps && !state.lost,
            Transition::Reorganise { .. } => state.steps || !state.lost,
            _ => true,
        }
    }
}

fn flaw() -> impl Strategy<Value = Flaw> {
    prop_oneof![
        Just(Flaw::Foreign),
        Just(Flaw::FalseSize),
        Just(Flaw::Stranger),
        Just(Flaw::Backwards),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        8 => Just(Answer::Taken),
        2 => Just(Answer::TakenButUnheard),
        2 => Just(Answer::Partly),
        5 => Just(Answer::Refused),
        2 => Just(Answer::Unavailable),
        8 => Just(Answer::Unknown),
        2 => Just(Answer::Unsupported),
    ]
}
