//! Runs one contender over one set, ROUNDS times, for counting instructions: `verdicts SET WORKLOAD
//! CONTENDER ROUNDS`.
//!
//! The contender `noop` does everything except the look-up.

use std::hint::black_box;

use scopes_benches::{contenders, sets};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [set, workload, wanted, rounds] = arguments.as_slice() else {
        panic!("usage: verdicts SET hits|shuffled|misses CONTENDER ROUNDS");
    };
    let set = sets::set(set).unwrap_or_else(|| panic!("no set `{set}`"));
    let requests = match workload.as_str() {
        "hits" => set.hits(),
        "shuffled" => set.shuffled(),
        "misses" => set.misses(),
        other => panic!("no workload `{other}`"),
    };
    let rounds: usize = rounds.parse().unwrap_or_else(|error| panic!("{rounds}: {error}"));
    let all = contenders::all(&set);
    let mut found = 0;
    if wanted == "noop" {
        for _ in 0..rounds {
            found += requests.iter().map(|request| black_box(request).path.len()).map(black_box).sum::<usize>();
        }
    } else {
        let contender = all.iter().find(|contender| contender.name() == wanted);
        let contender = contender.unwrap_or_else(|| panic!("no contender `{wanted}`"));
        let wrong = contenders::wrong(&**contender, &set, &requests);
        assert_eq!(wrong, 0, "{wanted} is wrong on so many requests of {}", set.name);
        for _ in 0..rounds {
            found += contender.run(&requests);
        }
    }
    println!("{} {}", requests.len(), black_box(found));
}
