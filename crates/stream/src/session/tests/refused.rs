//! What the consumer refused, and what comes of it.

use super::*;

#[test]
fn what_was_refused_comes_again_behind_what_came_since() {
    let mut session = open(config());
    for n in 1..=3 {
        let (id, _) = deliver(&mut session, &batch(n));
        session.handled(NOW, id);
    }
    // The events of the first, as the fourth batch, at the position of the third.
    let again = with(batch(4), "events", batch(1)["events"].clone());
    let again = with(again, "resume_token", json!("rt_3"));
    let unmarked = again.clone();
    let (id, redelivered) = deliver(&mut session, &with(again, "redelivery", json!(1)));
    assert_eq!((redelivered.redelivery(), redelivered.len()), (Some(1), 1));
    session.handled(NOW, id);
    assert_eq!(position(&session), Some("rt_3"));
    // What follows is judged by what came before it.
    let (id, _) = deliver(&mut session, &with(batch(5), "sequence", json!(5)));
    session.handled(NOW, id);
    assert_eq!(acked(&mut session), ["b1", "b2", "b3", "b4", "b5"]);
    // Without the mark it is a fault.
    let unmarked = with(
        with(unmarked, "sequence", json!(6)),
        "batch_id",
        json!("b6"),
    );
    assert!(matches!(
        fault(&mut session, &unmarked),
        ProtocolFault::OutOfOrder { .. }
    ));
}
