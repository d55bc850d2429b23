//! Prints the tables of README.md: nanoseconds per look-up, the median of many rounds in which the
//! contenders take turns. `--chart FILE` draws some of them.

use std::hint::black_box;
use std::path::PathBuf;

use scopes_benches::chart::{self, Group};
use scopes_benches::clock::medians;
use scopes_benches::{contenders, sets, slashes};

/// The sets and contenders of the chart.
const DRAWN: [&str; 3] = ["dashboard", "rest1000", "rest10000"];
const DRAWN_CONTENDERS: [&str; 7] =
    ["scopes match", "scopes at", "scopes decide", "matchit", "matchit, method map", "wayfind", "path-tree"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    let drawing = wanted.iter().position(|argument| argument == "--chart").map(|at| {
        wanted.remove(at);
        PathBuf::from(if at < wanted.len() { wanted.remove(at) } else { "chart.svg".to_owned() })
    });
    let mut groups = Vec::new();
    for name in sets::names().into_iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
        let Some(set) = sets::set(&name) else { continue };
        let all = contenders::all(&set);
        println!("\n### {name}: {} routes\n", set.routes.len());
        println!("| ns a look-up (matchit's better set-up / this) | in order | shuffled | misses |");
        println!("|---|---|---|---|");
        let mut rows: Vec<String> = all.iter().map(|contender| format!("| {} |", contender.name())).collect();
        let mut floors = "| finding the slashes only |".to_owned();
        for (workload, requests) in [("in order", set.hits()), ("shuffled", set.shuffled()), ("misses", set.misses())] {
            assert!(requests.iter().all(|request| slashes::are_right(request.path.as_bytes())));
            let find_slashes = || {
                requests
                    .iter()
                    .for_each(|request| _ = black_box(slashes::positions(black_box(request).path.as_bytes())))
            };
            let mut operations: Vec<(usize, Box<dyn Fn() + '_>)> = Vec::new();
            for contender in &all {
                operations.push((requests.len(), Box::new(|| _ = black_box(contender.run(&requests)))));
            }
            operations.push((requests.len(), Box::new(find_slashes)));
            let mut times = medians(&operations);
            let floor = times.pop().unwrap_or(f64::NAN);
            if DRAWN.contains(&&*set.name) {
                let bars = all.iter().zip(&times).map(|(contender, time)| (contender.name().to_owned(), *time));
                let bars = bars.filter(|(name, _)| DRAWN_CONTENDERS.contains(&&**name)).collect();
                groups.push(Group { title: format!("{}, {workload}", set.name), bars });
            }
            let matchit = all.iter().zip(&times).filter(|(contender, _)| contender.name().starts_with("matchit"));
            let best = matchit.map(|(_, time)| *time).reduce(f64::min);
            floors.push_str(&format!(" {floor:.1} |"));
            for ((row, contender), time) in rows.iter_mut().zip(&all).zip(&times) {
                let wrong = contenders::wrong(&**contender, &set, &requests);
                row.push_str(&format!(" {time:.1}"));
                if let Some(best) = best {
                    row.push_str(&format!(" ({:.1}x)", best / time));
                }
                if wrong > 0 {
                    row.push_str(&format!(", wrong on {wrong} of {}", requests.len()));
                }
                row.push_str(" |");
            }
        }
        rows.iter().for_each(|row| println!("{row}"));
        println!("{floors}");
    }
    if let Some(file) = drawing {
        chart::draw(&file, &groups)?;
    }
    Ok(())
}
