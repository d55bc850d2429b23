//! The pages of the permission reference.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod catalogues;
mod html;
mod markdown;
mod matcher;
