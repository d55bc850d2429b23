//! The servers under test, one module per framework.

pub mod actix_web;
pub mod axum;
pub mod hyper;
pub mod poem;
pub mod rocket;
pub mod salvo;
pub mod tonic;
pub mod warp;
