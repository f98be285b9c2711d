//! Logs decoded by us, by ethabi and by alloy, and how they compare: one table per event.
//!
//! Every contender decodes the same logs in turns, so that a machine that others use too is unfair
//! to none; the best of all turns counts. `--quick` takes a tenth of the time.

mod contenders;
mod ethabi_json;
mod logs;
mod turns;

use std::error::Error;

use contenders::Contender;
use logs::Subject;

fn main() -> Result<(), Box<dyn Error>> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    for subject in logs::subjects()? {
        let contenders = contenders::all(&subject)?;
        let rates = turns::race(&contenders, subject.logs.len(), quick);
        report(&subject, &contenders, &rates);
    }
    Ok(())
}

fn report(subject: &Subject, contenders: &[Contender<'_>], rates: &[f64]) {
    println!("\n### {}\n", subject.name);
    println!("| | million logs/s | to ethabi to JSON |");
    println!("|---|---:|---:|");
    let reference = contenders
        .iter()
        .position(|contender| contender.name == contenders::REFERENCE)
        .map_or(f64::NAN, |nth| rates[nth]);
    for (contender, rate) in contenders.iter().zip(rates) {
        let (name, millions, ratio) = (contender.name, rate / 1e6, rate / reference);
        println!("| {name} | {millions:.2} | {ratio:.1} |");
    }
}
