//! The same as the `table` binary, by criterion: for its statistics and its comparison with the run
//! before.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use scopes_benches::{contenders, sets};

fn routing(criterion: &mut Criterion) {
    for name in sets::names() {
        let Some(set) = sets::set(&name) else { continue };
        for (workload, requests) in [("in order", set.hits()), ("shuffled", set.shuffled()), ("misses", set.misses())] {
            let mut group = criterion.benchmark_group(format!("{name}, {workload}"));
            group.throughput(Throughput::Elements(requests.len() as u64));
            for contender in contenders::all(&set) {
                if contenders::wrong(&*contender, &set, &requests) > 0 {
                    eprintln!("{} is wrong on {name}, {workload}: not timed", contender.name());
                    continue;
                }
                group.bench_function(BenchmarkId::from_parameter(contender.name()), |bencher| {
                    bencher.iter(|| contender.run(&requests));
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, routing);
criterion_main!(benches);
