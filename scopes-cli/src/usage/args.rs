//! The arguments of `scopes minimal` and `scopes unused`.

use std::str::FromStr;

use clap::ValueEnum;
use scopes_export::usage::Members;

pub(crate) const MINIMAL: &str = "\
Examples:
  scopes minimal usage.jsonl
  scopes minimal usage.jsonl --token t-1 --keep users.read
  scopes minimal access.log access.log.1 --together --count 404
  scopes minimal caddy.jsonl --method-member request.method --path-member request.uri

The set opens all routes that were used. It is the one that opens the fewest other routes, and among these the
one with the fewest scopes. A deprecated scope is in it only if nothing else opens a route. The command proposes
and changes nothing. It says nothing about tenants. Exit status: 0 all sets are proven, 1 one
is not, or the recorder has dropped something, 2 the command could not do its work.

Of an access log, the statuses 101, 2xx and 3xx count as allowed, 401 and 403 as denied. Other statuses tell
neither, because a handler or the gate may have answered; --count takes them as allowed. Lines without a status
count as allowed.";

pub(crate) const UNUSED: &str = "\
Examples:
  scopes unused usage.jsonl
  scopes unused usage-*.jsonl --min-days 30 --format markdown
  scopes unused access.log --logs-are-complete

An access log must have every request of the time, of every server; say that with --logs-are-complete. The
command refuses a record from which the recorder has dropped decisions. It proposes and changes nothing. Exit
status: 0 everything was used, 1 something was not, 2 the command could not do its work.";

/// What is read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct EvidenceArgs {
    /// Files with the lines of recorders or of access logs, or `-`.
    #[arg(required = true)]
    pub(crate) files: Vec<String>,
    /// The catalogue; by default the only one in target/scopes.
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<String>,
    /// What the lines are; by default each file's first line tells.
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) lines: Lines,
    /// How many lines may be unreadable: a number, or a share such as 1%.
    #[arg(long, value_name = "MOST", default_value = "1%")]
    pub(crate) max_unreadable: Most,
    /// Takes a status of access logs as allowed.
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub(crate) count: Vec<u16>,
    /// In JSON, the member with the method. A dot leads into an object.
    #[arg(long, value_name = "NAME", default_value = "method")]
    pub(crate) method_member: String,
    /// In JSON, the member with the target.
    #[arg(long, value_name = "NAME", default_value = "path")]
    pub(crate) path_member: String,
    /// In JSON, the member with the status.
    #[arg(long, value_name = "NAME", default_value = "status")]
    pub(crate) status_member: String,
    /// In JSON, the member with the time: RFC 3339, or seconds since 1970.
    #[arg(long, value_name = "NAME", default_value = "time")]
    pub(crate) time_member: String,
    /// In JSON, the member with the id of the token; by default the lines name no token.
    #[arg(long, value_name = "NAME")]
    pub(crate) token_member: Option<String>,
    /// How to print the answer.
    #[arg(long, default_value = "text")]
    pub(crate) format: Format,
}

impl EvidenceArgs {
    pub(crate) fn members(&self) -> Members {
        Members {
            method: self.method_member.clone(),
            target: self.path_member.clone(),
            status: self.status_member.clone(),
            time: self.time_member.clone(),
            token: self.token_member.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lines {
    /// By the first line of each file.
    Auto,
    /// The lines of `scopes::usage::Recorder`.
    Recorder,
    /// The Common or Combined Log Format.
    Common,
    /// JSON objects with the members that the options name.
    Json,
    /// `METHOD target`, and a status if it is known.
    Plain,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Markdown,
}

/// How many lines may be unreadable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Most {
    Lines(u64),
    Percent(f64),
}

impl FromStr for Most {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a number, or a share from 0% to 100%".to_owned();
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent = percent.parse().map_err(|_| wrong())?;
                if (0.0..=100.0).contains(&percent) { Ok(Self::Percent(percent)) } else { Err(wrong()) }
            }
            None => text.parse().map(Self::Lines).map_err(|_| wrong()),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct MinimalArgs {
    #[command(flatten)]
    pub(crate) evidence: EvidenceArgs,
    /// Only this token, or this subject.
    #[arg(long, value_name = "ID")]
    pub(crate) token: Vec<String>,
    /// One set for all clients together.
    #[arg(long)]
    pub(crate) together: bool,
    /// A scope that the set has in any case.
    #[arg(long, value_name = "SCOPE")]
    pub(crate) keep: Vec<String>,
    /// Counts requests whose denials were only reported.
    #[arg(long)]
    pub(crate) count_reported: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UnusedArgs {
    #[command(flatten)]
    pub(crate) evidence: EvidenceArgs,
    /// The access logs have every request of the time, of every server.
    #[arg(long)]
    pub(crate) logs_are_complete: bool,
    /// Refuses evidence of fewer days.
    #[arg(long, value_name = "DAYS")]
    pub(crate) min_days: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_lines() {
        assert_eq!("12".parse(), Ok(Most::Lines(12)));
        assert_eq!("0.5%".parse(), Ok(Most::Percent(0.5)));
        for text in ["", "%", "-1", "101%", "NaN%", "a"] {
            assert!(text.parse::<Most>().is_err(), "{text}");
        }
    }
}
