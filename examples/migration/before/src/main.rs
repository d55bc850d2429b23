//! `cargo run -p example-migration-before`, then
//! `curl localhost:3000/api/accounts/A1/boards -H 'Authorization: Bearer reader'`.

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, example_migration_before::app()).await
}
