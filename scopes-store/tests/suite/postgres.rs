//! A PostgreSQL server for one run of the tests: on loopback, with a free port, in a folder of its
//! own. It stops when this process ends, whether by itself or by a signal.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The arguments are the folder of the programs, the server's folder and the port. The script ends
/// the server at the end of its standard input, which is a pipe from the process of the tests.
const SCRIPT: &str = r#"
set -eu
bin=$1 dir=$2 port=$3
cd "$dir"
"$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log
# Tests do not cut the power: without `fsync` they are much faster.
"$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
    -c max_connections=200 -c deadlock_timeout=200ms >postgres.log 2>&1 &
server=$!
trap 'kill -QUIT $server 2>/dev/null || true; wait $server || true; cd /; rm -rf "$dir"' EXIT
until "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; do
    kill -0 $server
    sleep 0.1
done
echo ready
read -r _ || true
"#;

/// The address of a running server.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// Dropped by the end of the process only.
    _script: Child,
}

/// The server of this run, or `None` after a message if PostgreSQL is not installed.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref()
}

fn start() -> Option<Server> {
    let Some(programs) = programs() else {
        assert!(std::env::var_os("SCOPES_REQUIRE_ALL").is_none_or(|all| all != "1"), "PostgreSQL is not installed");
        eprintln!("SKIPPED: PostgreSQL is not installed");
        return None;
    };
    // The free port may be taken before the server has it.
    for _ in 0..3 {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("scopes-store-{}-{port}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let mut script = command(&folder);
        script.args(["-c", SCRIPT, "sh"]).arg(&programs).arg(&folder).arg(port.to_string());
        let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line == "ready\n" {
            return Some(Server { port, _script: script });
        }
        script.wait().unwrap();
    }
    panic!("PostgreSQL does not start");
}

/// A shell of a user other than root, because PostgreSQL does not run as root.
fn command(folder: &Path) -> Command {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return Command::new("sh");
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let user = if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" };
    assert!(Command::new("chown").arg(user).arg(folder).status().unwrap().success());
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--", "sh"]);
    command
}

/// The folder of PostgreSQL's programs. Debian does not put the server's programs into the path.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders
        .into_iter()
        .find(|folder| ["initdb", "postgres", "pg_isready"].iter().all(|program| folder.join(program).exists()))
}
