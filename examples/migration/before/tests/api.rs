//! The tests of the API, before.

#[path = "../../tests.rs"]
mod tests;

#[tokio::test]
async fn answers() {
    tests::answers(example_migration_before::app()).await;
}
