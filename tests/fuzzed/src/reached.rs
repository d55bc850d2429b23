//! What inputs have led to, so that a run can show that it got deep.

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

/// What this thread has reached since it last asked.
#[must_use]
pub fn reached() -> Reached {
    REACHED.take()
}
