// Pages of documentation. They exist in the documentation and in its tests only.
#![doc = include_str!("docs/guide/guide.md")]

#[cfg(feature = "export")]
#[doc = include_str!("docs/guide/adopting.md")]
pub mod adopting {}

#[doc = include_str!("docs/guide/testing.md")]
pub mod testing {}

#[cfg(feature = "export")]
#[doc = include_str!("docs/guide/changes.md")]
pub mod changes {}

#[cfg(all(feature = "export", feature = "usage"))]
#[doc = include_str!("docs/guide/evidence.md")]
pub mod evidence {}

#[doc = include_str!("docs/guide/security.md")]
pub mod security {}

#[doc = include_str!("docs/guide/comparison.md")]
pub mod comparison {}

#[doc = include_str!("docs/guide/performance.md")]
pub mod performance {}

#[doc = include_str!("docs/guide/compilers.md")]
pub mod compilers {}
