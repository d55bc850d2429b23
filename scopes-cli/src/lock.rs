//! `scopes lock`.

use std::path::{Path, PathBuf};

use scopes_export::lock::{Accept, Lock, Refused, today};

use crate::args::LockArgs;
use crate::escape;
use crate::operand::{Operand, named_or_only};
use crate::output::Outcome;

pub(crate) fn run(args: &LockArgs) -> Result<Outcome, String> {
    let current = Operand::read(&named_or_only(args.catalogue.as_deref())?)?;
    let path = args.lock.clone().unwrap_or_else(|| PathBuf::from(format!("{}.scopes.json", current.catalogue.name())));
    let shown = escape::line(&path.display().to_string());
    let written = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{shown}: cannot read it: {error}")),
    };
    let before = written.as_deref().map(Lock::read).transpose().map_err(|error| format!("{shown}: {error}"))?;
    let mut accept = Accept::default();
    (accept.breaking, accept.widening) = (args.accept, args.accept_widening);
    (accept.reason, accept.until) = (args.reason.clone(), args.until);
    let (next, verb) = match &before {
        None => (Lock::new(current.catalogue), "created"),
        Some(before) => match before.updated(&current.catalogue, &accept, today()) {
            Ok(next) => (next, "updated"),
            Err(Refused::NotAccepted(problems)) => {
                let lines: Vec<String> = problems.iter().map(|problem| escape::lines(&problem.to_string())).collect();
                let text = format!(
                    "{shown} is not changed:\n{}\nto accept it: `--accept` for what is denied now, `--accept-widening` for \
                     what is allowed now, with `--reason`\n",
                    lines.join("\n")
                );
                return Ok(Outcome::found(text, true));
            }
            Err(error) => return Err(error.to_string()),
        },
    };
    let text = next.to_json();
    if written.as_ref() == Some(&text) {
        return Ok(Outcome::found(format!("{shown} is up to date\n"), false));
    }
    replace(&path, &text).map_err(|error| format!("{shown}: cannot write it: {error}"))?;
    Ok(Outcome::found(format!("{shown} {verb}\n"), false))
}

/// Writes another file beside the lock file first, so that a failure leaves the old lock file.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path).inspect_err(|_| drop(std::fs::remove_file(&beside)))
}
