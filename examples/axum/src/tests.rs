//! Sends the lines of `try.txt` to a server on a free port.

#[path = "../../tested.rs"]
mod tested;

#[tokio::test]
async fn the_lines_to_try_say_what_is_answered() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, super::app()).await });
    tokio::task::spawn_blocking(move || tested::lines(address)).await.unwrap();
}
