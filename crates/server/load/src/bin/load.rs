//! `load [PART ..] [--minutes N]`: runs the parts and prints the table.

use std::process::ExitCode;
use std::time::Duration;

use event_streamer_server_load::{Result, figures, parts};

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let mut minutes = 20;
    let mut chosen = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--minutes" {
            minutes = arguments.next().ok_or("--minutes: how many?")?.parse()?;
        } else {
            chosen.push(argument);
        }
    }
    if chosen.is_empty() {
        chosen.extend(parts::PARTS.map(str::to_owned));
    }
    let mut all = Vec::new();
    for part in chosen {
        println!("{part}");
        all.extend(parts::run(&part, Duration::from_secs(60 * minutes)).await?);
    }
    print!("\n{}", figures::table(&all));
    let good = all.iter().all(|it| it.reached);
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
