//! Which message is sent next: environments take turns, and in each of them its webhooks.
//!
//! A receiver that does not answer holds the places of its webhook until each attempt ends. An
//! environment of such receivers leaves most places to others. Eight of them hold all places; then
//! the others wait for the end of an attempt, and have the next turn.

use std::collections::{HashSet, VecDeque};

/// How many messages are sent at the same time.
const IN_FLIGHT: usize = 64;

/// How many of them belong to one environment.
const OF_ENVIRONMENT: usize = 8;

/// How many of them belong to one webhook.
const OF_WEBHOOK: usize = 2;

/// How many messages of a webhook wait here. The others wait in the database.
pub(super) const WAITING: usize = 100;

/// A message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) environment_id: String,
    pub(crate) webhook_id: String,
    pub(crate) message_id: String,
}

/// The messages that wait and those that are being sent.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// Each has a message that waits or is being sent. The one whose turn it is comes first.
    environments: VecDeque<Environment>,
    /// The ids of all messages here.
    known: HashSet<String>,
    in_flight: usize,
}

#[derive(Debug)]
struct Environment {
    id: String,
    webhooks: VecDeque<Lane>,
    in_flight: usize,
}

#[derive(Debug)]
struct Lane {
    webhook_id: String,
    waiting: VecDeque<String>,
    in_flight: usize,
}

impl Lanes {
    /// Adds a message, unless it is here already or too many messages of its webhook are.
    pub(super) fn push(&mut self, job: Job) {
        if self.known.contains(&job.message_id) {
            return;
        }
        let lane = self.lane(&job);
        if lane.waiting.len() < WAITING {
            lane.waiting.push_back(job.message_id.clone());
            self.known.insert(job.message_id);
        }
    }

    /// The message to send now, if there is one that may be sent. The caller reports its end.
    pub(super) fn next(&mut self) -> Option<Job> {
        if self.in_flight >= IN_FLIGHT {
            return None;
        }
        for _ in 0..self.environments.len() {
            let mut environment = self.environments.pop_front()?;
            let found = environment.next();
            let environment_id = environment.id.clone();
            self.environments.push_back(environment);
            if let Some((webhook_id, message_id)) = found {
                self.in_flight += 1;
                return Some(Job { environment_id, webhook_id, message_id });
            }
        }
        None
    }

    /// The attempt to send the message has ended.
    pub(super) fn done(&mut self, job: &Job) {
        if !self.known.remove(&job.message_id) {
            return;
        }
        self.in_flight = self.in_flight.saturating_sub(1);
        for environment in self.environments.iter_mut().filter(|environment| environment.id == job.environment_id) {
            environment.in_flight = environment.in_flight.saturating_sub(1);
            for lane in environment.webhooks.iter_mut().filter(|lane| lane.webhook_id == job.webhook_id) {
                lane.in_flight = lane.in_flight.saturating_sub(1);
            }
            environment.webhooks.retain(|lane| lane.in_flight > 0 || !lane.waiting.is_empty());
        }
        self.environments.retain(|environment| !environment.webhooks.is_empty());
    }

    fn lane(&mut self, job: &Job) -> &mut Lane {
        let environment = found_or_added(
            &mut self.environments,
            |environment| environment.id == job.environment_id,
            || Environment { id: job.environment_id.clone(), webhooks: VecDeque::new(), in_flight: 0 },
        );
        found_or_added(
            &mut environment.webhooks,
            |lane| lane.webhook_id == job.webhook_id,
            || Lane { webhook_id: job.webhook_id.clone(), waiting: VecDeque::new(), in_flight: 0 },
        )
    }
}

impl Environment {
    /// The next message of its webhooks, each of which has its turn.
    fn next(&mut self) -> Option<(String, String)> {
        if self.in_flight >= OF_ENVIRONMENT {
            return None;
        }
        for _ in 0..self.webhooks.len() {
            let mut lane = self.webhooks.pop_front()?;
            let found = if lane.in_flight < OF_WEBHOOK { lane.waiting.pop_front() } else { None };
            let webhook_id = lane.webhook_id.clone();
            lane.in_flight += usize::from(found.is_some());
            self.webhooks.push_back(lane);
            if let Some(message_id) = found {
                self.in_flight += 1;
                return Some((webhook_id, message_id));
            }
        }
        None
    }
}

fn found_or_added<T>(list: &mut VecDeque<T>, is_it: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let at = list.iter().position(is_it).unwrap_or_else(|| {
        list.push_back(new());
        list.len() - 1
    });
    &mut list[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(environment: &str, webhook: &str, message: &str) -> Job {
        let [environment_id, webhook_id, message_id] = [environment, webhook, message].map(str::to_owned);
        Job { environment_id, webhook_id, message_id }
    }

    /// Takes all that may be sent now.
    fn taken(lanes: &mut Lanes) -> Vec<Job> {
        core::iter::from_fn(|| lanes.next()).collect()
    }

    #[test]
    fn a_webhook_that_does_not_answer_holds_its_own_places_only() {
        let mut lanes = Lanes::default();
        for at in 0..50 {
            lanes.push(job("slow", "s1", &format!("s1-{at}")));
            lanes.push(job("slow", "s2", &format!("s2-{at}")));
        }
        let stuck = taken(&mut lanes);
        assert_eq!(stuck.len(), 2 * OF_WEBHOOK);
        // Another webhook of the environment, and other environments, go on at once.
        lanes.push(job("slow", "s3", "m"));
        lanes.push(job("other", "o1", "n"));
        assert_eq!(taken(&mut lanes), [job("slow", "s3", "m"), job("other", "o1", "n")]);
        // A place that becomes free goes to the same webhook.
        lanes.done(&stuck[0]);
        assert_eq!(taken(&mut lanes).len(), 1);
    }

    #[test]
    fn an_environment_with_many_webhooks_does_not_take_all_places() {
        let mut lanes = Lanes::default();
        for environment in 0..20 {
            for webhook in 0..20 {
                for message in 0..3 {
                    let webhook = format!("{environment}.{webhook}");
                    lanes.push(job(&environment.to_string(), &webhook, &format!("{webhook}.{message}")));
                }
            }
        }
        let mut running = taken(&mut lanes);
        assert_eq!(running.len(), IN_FLIGHT);
        let of = |running: &[Job], id: usize| running.iter().filter(|job| job.environment_id == id.to_string()).count();
        for environment in 0..20 {
            assert!((3..=4).contains(&of(&running, environment)), "each has its turn");
        }
        // One that never ends leaves the others their places, and all others come to an end.
        let mut rounds = 0;
        while running.iter().any(|job| job.environment_id != "0") {
            for job in running.extract_if(.., |job| job.environment_id != "0").collect::<Vec<_>>() {
                lanes.done(&job);
            }
            running.extend(taken(&mut lanes));
            rounds += 1;
            assert!(rounds < 100);
        }
        assert_eq!(running.len(), OF_ENVIRONMENT);
    }

    #[test]
    fn what_waits_is_bounded_and_nothing_waits_twice() {
        let mut lanes = Lanes::default();
        for _ in 0..2 {
            for at in 0..(WAITING + 50) {
                lanes.push(job("e", "w", &at.to_string()));
            }
        }
        let mut sent = HashSet::new();
        while let Some(next) = lanes.next() {
            lanes.push(next.clone());
            assert!(sent.insert(next.message_id.clone()), "{next:?}");
            lanes.done(&next);
            lanes.done(&next);
        }
        assert_eq!(sent.len(), WAITING);
        assert!(lanes.environments.is_empty() && lanes.known.is_empty() && lanes.in_flight == 0);
    }
}
