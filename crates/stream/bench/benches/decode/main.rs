//! A stream's bytes read by us, by serde_json, by sonic-rs and by simd-json, and how they compare:
//! one table per number of events in a batch.
//!
//! Every contender reads the same bytes in turns, so that a machine that others use too is unfair to
//! none; the best of all turns counts. `--quick` takes a tenth of the time, `--once` reads everything
//! once, for who counts instructions; a further argument keeps the contenders whose name holds it, and
//! a number the batches of so many events.

mod contenders;
mod event;
mod ours;
mod peers;
mod stream;
mod turns;

use contenders::Contender;
use stream::Subject;
use turns::Turns;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |option| arguments.iter().any(|argument| argument == option);
    let turns = match (given("--once"), given("--quick")) {
        (true, _) => Turns::ONCE,
        (false, true) => Turns::QUICK,
        (false, false) => Turns::THOROUGH,
    };
    let (numbers, names): (Vec<&String>, Vec<&String>) = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .partition(|argument| argument.parse::<usize>().is_ok());
    let wanted = names.first();
    for per_batch in [1, 100, 1_000] {
        if !numbers.is_empty() && !numbers.contains(&&per_batch.to_string()) {
            continue;
        }
        let subject = Subject::new(per_batch);
        let mut contenders = contenders::all(&subject);
        contenders
            .retain(|contender| wanted.is_none_or(|part| contender.name.contains(part.as_str())));
        let rates = turns.race(&contenders, subject.events);
        report(&subject, &contenders, &rates);
    }
}

fn report(subject: &Subject, contenders: &[Contender<'_>], rates: &[f64]) {
    let (per_batch, bytes) = (subject.per_batch, subject.bytes_per_event());
    println!("\n### {per_batch} events in a batch, {bytes} bytes each with their share of it\n");
    println!("| | million events/s | to sonic-rs, typed |");
    println!("|---|---:|---:|");
    let reference = contenders
        .iter()
        .position(|contender| contender.name == contenders::REFERENCE)
        .map_or(f64::NAN, |nth| rates[nth]);
    for (contender, rate) in contenders.iter().zip(rates) {
        let (name, millions, ratio) = (contender.name, rate / 1e6, rate / reference);
        println!("| {name} | {millions:.2} | {ratio:.2} |");
    }
}
