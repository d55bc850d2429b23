//! Measures several contenders in one process, by turns, so that other work of the machine affects
//! all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 21;
const ROUND: Duration = Duration::from_millis(3);

/// Operations whose times are compared.
#[derive(Default)]
pub struct Contest<'c>(Vec<(String, Box<dyn Fn() -> bool + 'c>)>);

impl<'c> Contest<'c> {
    /// Adds an operation. It returns whether it succeeded, and a failure is an error.
    pub fn add(&mut self, name: &str, operation: impl Fn() -> bool + 'c) {
        assert!(operation(), "{name} fails");
        self.0.push((name.to_owned(), Box::new(operation)));
    }

    /// Measures all; returns the name and the median time in nanoseconds of each.
    #[must_use]
    pub fn run(&self) -> Vec<(String, f64)> {
        let turns: Vec<_> = self.0.iter().map(|(_, operation)| (1, move || _ = black_box(operation()))).collect();
        self.0.iter().map(|(name, _)| name.clone()).zip(medians(&turns)).collect()
    }
}

/// The median time in nanoseconds of each operation, divided by its number of steps per call.
#[must_use]
pub fn medians(operations: &[(usize, impl Fn())]) -> Vec<f64> {
    let mut samples = vec![Vec::new(); operations.len()];
    for _ in 0..ROUNDS {
        for ((steps, operation), samples) in operations.iter().zip(&mut samples) {
            let start = Instant::now();
            let mut done = 0;
            while start.elapsed() < ROUND {
                // Reading the clock costs as much as a short operation, so short ones run several
                // times.
                let calls = (256 / steps).max(1);
                (0..calls).for_each(|_| operation());
                done += calls * steps;
            }
            samples.push(start.elapsed().as_secs_f64() * 1e9 / done as f64);
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

/// Prints times as a table, with each time divided by the first.
pub fn markdown(title: &str, times: &[(String, f64)]) {
    println!("\n| {title} | ns | |\n|---|---|---|");
    for (name, time) in times {
        let first = times.first().map_or(f64::NAN, |(_, first)| *first);
        println!("| {name} | {time:.1} | {:.1}x |", time / first);
    }
}
