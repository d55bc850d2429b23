//! Measures the same as the binary `table`, with criterion, which adds statistics and a comparison
//! with the previous run.

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
