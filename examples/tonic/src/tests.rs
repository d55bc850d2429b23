//! Sends the lines of `try.txt` to a server on a free port, and compares the answers with those in
//! the file. Like `grpcurl`, it reads in `users.proto` how a message is encoded.

use std::future::poll_fn;
use std::io::Read;

use http_body_util::{BodyExt, Full};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::{Bytes, Service, http};
use tonic::transport::{Channel, Endpoint};

const PROTO: &str = include_str!("../users.proto");
const LINES: &str = include_str!("../try.txt");

#[tokio::test]
async fn the_lines_to_try_say_what_is_answered() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(super::serve(listener));
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    assert!(LINES.lines().count() > 5, "there are lines to try");
    for line in LINES.lines() {
        let (command, expected) = line.split_once(" # ").expect("each line says what is answered");
        assert_eq!(answer(channel.clone(), command).await, expected, "{command}");
    }
}

/// The text between two others.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// Sends the request of a `grpcurl` command. Returns the message of the answer or the status.
async fn answer(mut channel: Channel, command: &str) -> String {
    let method = command.split_once("localhost:3000 ").expect("a server and a method").1.trim();
    let rpc = format!("rpc {} (", method.split_once('/').expect("a service and a method").1);
    let message = encoded(between(PROTO, &rpc, ")").expect("a method of the service"), command);
    let framed = [&[0, 0, 0, 0, u8::try_from(message.len()).unwrap()], &*message].concat();
    let request = http::Request::post(format!("http://localhost:3000/{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    let request = match between(command, "-H '", "'").and_then(|header| header.split_once(": ")) {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    let request = request.body(Body::new(Full::new(Bytes::from(framed)))).unwrap();
    poll_fn(|context| channel.poll_ready(context)).await.unwrap();
    let (head, body) = channel.call(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap();
    let status = body.trailers().and_then(Status::from_header_map).or_else(|| Status::from_header_map(&head.headers));
    match status.expect("a status").code() {
        tonic::Code::Ok => format!("OK {}", names(&body.to_bytes()[5..])),
        code => format!("{code:?}"),
    }
}

/// Encodes the JSON object of a command, whose members are texts.
fn encoded(message: &str, command: &str) -> Vec<u8> {
    let json: Vec<_> = between(command, "-d '", "'").expect("a message").split('"').skip(1).step_by(2).collect();
    let fields = json.chunks(2).flat_map(|member| {
        let [name, value] = member else { panic!("a name and a value: {member:?}") };
        let head = [key(message, &format!("string {name}")), u8::try_from(value.len()).unwrap()];
        head.into_iter().chain(value.bytes())
    });
    fields.collect()
}

/// Decodes a message `Names` and shows it as JSON.
fn names(mut message: &[u8]) -> String {
    let mut names = Vec::new();
    while let [found, length, rest @ ..] = message {
        assert_eq!(*found, key("Names", "repeated string names"));
        let (mut name, length) = (String::new(), usize::from(*length));
        { &rest[..length] }.read_to_string(&mut name).unwrap();
        names.push(name);
        message = &rest[length..];
    }
    format!("{{\"names\": {names:?}}}")
}

/// The byte before a text field: its number in `users.proto`, and the wire type of texts.
fn key(message: &str, field: &str) -> u8 {
    let fields = between(PROTO, &format!("message {message} {{"), "}").expect("a message");
    let number: u8 = between(fields, &format!("{field} = "), ";").expect("a field").parse().unwrap();
    number << 3 | 2
}
