//! Prints the tables of README.md: nanoseconds a look-up, the median of many rounds in which the contenders take turns.

use std::time::{Duration, Instant};

use scopes_benches::contenders::{self, Contender};
use scopes_benches::sets::{self, Request};

const ROUNDS: usize = 21;
const ROUND: Duration = Duration::from_millis(3);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for name in sets::names().into_iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
        let Some(set) = sets::set(&name) else { continue };
        let all = contenders::all(&set);
        println!("\n### {name}: {} routes\n", set.routes.len());
        println!("| ns a look-up (matchit's better set-up / this) | in order | shuffled | misses |");
        println!("|---|---|---|---|");
        let mut rows: Vec<String> = all.iter().map(|contender| format!("| {} |", contender.name())).collect();
        for requests in [set.hits(), set.shuffled(), set.misses()] {
            let times = times(&all, &requests);
            let matchit = all.iter().zip(&times).filter(|(contender, _)| contender.name().starts_with("matchit"));
            let best = matchit.map(|(_, time)| *time).reduce(f64::min);
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
    }
}

/// The median time a request of each contender, in nanoseconds.
fn times(all: &[Box<dyn Contender + '_>], requests: &[Request]) -> Vec<f64> {
    let mut samples = vec![Vec::new(); all.len()];
    for _ in 0..ROUNDS {
        for (contender, samples) in all.iter().zip(&mut samples) {
            let start = Instant::now();
            let mut looked = 0;
            while start.elapsed() < ROUND {
                std::hint::black_box(contender.run(requests));
                looked += requests.len();
            }
            samples.push(start.elapsed().as_secs_f64() * 1e9 / looked as f64);
        }
    }
    samples
        .into_iter()
        .map(|mut samples| {
            samples.sort_by(f64::total_cmp);
            samples[samples.len() / 2]
        })
        .collect()
}
