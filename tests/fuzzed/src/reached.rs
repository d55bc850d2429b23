//! Counts the states that inputs reached, so that a run can prove that it passed the first checks.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// How often each state was reached.
pub type Reached = BTreeMap<&'static str, usize>;

thread_local! {
    static REACHED: RefCell<Reached> = const { RefCell::new(Reached::new()) };
}

pub(crate) fn reach(state: &'static str) {
    REACHED.with_borrow_mut(|reached| *reached.entry(state).or_default() += 1);
}

/// Takes what this thread has reached since the last call.
#[must_use]
pub fn reached() -> Reached {
    REACHED.take()
}
