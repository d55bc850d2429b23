//! The tests of the API, after.

#[path = "../../tests.rs"]
mod tests;

#[tokio::test]
async fn answers() {
    tests::answers(example_migration_after::app()).await;
}
