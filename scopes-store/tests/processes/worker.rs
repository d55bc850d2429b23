//! This program as another process.

use std::io::Write as _;
use std::process::Stdio;

use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::database::Database;
use crate::{chains, killed, load};

const JOB: &str = "SCOPES_STORE_JOB";
const DATABASE: &str = "SCOPES_STORE_DATABASE";

/// Each line of a worker begins with this text, because the test harness writes to the same output.
pub(crate) const MARK: &str = "worker: ";

/// A running worker. It is killed when it is dropped.
pub(crate) struct Worker {
    pub(crate) child: Child,
    pub(crate) output: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts a job. `input` is what the worker reads.
    pub(crate) async fn start(job: &str, database: &Database, input: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "worker::works", "--nocapture", "--test-threads=1"]);
        command.env(JOB, job).env(DATABASE, database.to_text()).kill_on_drop(true);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut standard_input = child.stdin.take().unwrap();
        standard_input.write_all(input.as_bytes()).await.unwrap();
        drop(standard_input);
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Waits for the end, and returns the lines that the worker has written.
    pub(crate) async fn finish(mut self) -> Vec<String> {
        use tokio::io::AsyncReadExt as _;
        let mut text = String::new();
        self.output.read_to_string(&mut text).await.unwrap();
        assert!(self.child.wait().await.unwrap().success(), "{text}");
        lines(&text)
    }
}

/// The worker's whole lines in its output.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    whole.lines().filter_map(|line| line.split_once(MARK)).map(|(_, line)| line.to_owned()).collect()
}

/// Writes a line at once, so that the test knows of it whatever happens next.
pub(crate) fn tell(line: &str) {
    let mut output = std::io::stdout().lock();
    output.write_all(format!("{MARK}{line}\n").as_bytes()).unwrap();
    output.flush().unwrap();
}

/// The entry of a worker. If the harness runs it as a test, it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn works() {
    let (Ok(job), Ok(database)) = (std::env::var(JOB), std::env::var(DATABASE)) else { return };
    let database = Database::from_text(&database).await;
    let input = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin()).unwrap()).await.unwrap();
    tell("");
    match job.split_once(' ').unwrap_or((&job, "")) {
        ("serve", milliseconds) => load::serve(&database, &input, milliseconds.parse().unwrap()).await,
        ("chains", _) => chains::work(&database, &input).await,
        ("write", _) => killed::write(&database).await,
        (other, _) => panic!("unknown job {other}"),
    }
}
