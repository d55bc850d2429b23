//! `scopes picker` and `scopes link`: the files of a page that makes tokens, and links to it.

use clap::ValueEnum;
use scopes_export::picker::{Access, COMPONENT, Link, Options, Picker};
use scopes_export::usage::minimum;

use crate::escape;
use crate::operand::{Operand, named_or_only};
use crate::output::Outcome;

pub(crate) const PICKER: &str = "\
Examples:
  scopes picker target/scopes/api.json --documentation /docs/permissions > picker.json
  scopes picker --preset \"Support desk=users.read events.read\" --access balances.query=read > picker.json
  scopes picker --component > scopes-picker.js";

pub(crate) const LINK: &str = "\
Examples:
  scopes link --for \"GET /users\" --for \"POST /users\" --page https://app.example.com/tokens/new
  scopes link target/scopes/api.json --scope users.read --name \"ci job\" --expires-in 30

The link has the least scopes that open the requests. A page never chooses scopes that delete or issue tokens
because of a link; they are named on standard error.";

#[derive(Debug, clap::Args)]
pub(crate) struct PickerArgs {
    /// The catalogue; by default the only one in target/scopes.
    catalogue: Option<String>,
    /// Prints the JavaScript file of the element `<scopes-picker>`, and no catalogue.
    #[arg(long, exclusive = true)]
    component: bool,
    /// Where the permission reference is: an `https:` address, or a path of the same server.
    #[arg(long, value_name = "ADDRESS")]
    documentation: Option<String>,
    /// The title of a group.
    #[arg(long, value_name = "NAME=TITLE", value_parser = pair)]
    group: Vec<(String, String)>,
    /// What a scope does, if its methods and its name suggest something else.
    #[arg(long, value_name = "SCOPE=read|write", value_parser = access)]
    access: Vec<(String, Access)>,
    /// A preset, with its scopes separated by blanks.
    #[arg(long, value_name = "TITLE=SCOPES", value_parser = pair)]
    preset: Vec<(String, String)>,
    /// Leaves out the preset "Read only".
    #[arg(long)]
    without_read_only: bool,
    /// The scopes of the issuer, separated by blanks: the file says which it may give.
    #[arg(long, value_name = "SCOPES")]
    issuer: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LinkArgs {
    /// The catalogue; by default the only one in target/scopes.
    catalogue: Option<String>,
    /// A request that the token shall be able to make.
    #[arg(long = "for", value_name = "METHOD PATH")]
    requests: Vec<String>,
    /// A scope that the token shall have.
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The proposed name of the token.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// The proposed lifetime in days.
    #[arg(long, value_name = "DAYS")]
    expires_in: Option<u32>,
    /// The address of the page; without it, the output is the query only.
    #[arg(long, value_name = "ADDRESS")]
    page: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Declared {
    Read,
    Write,
}

fn access(text: &str) -> Result<(String, Access), String> {
    let (name, value) = pair(text)?;
    Ok((
        name,
        match Declared::from_str(&value, false)? {
            Declared::Read => Access::Read,
            Declared::Write => Access::Write,
        },
    ))
}

pub(crate) fn picker(args: &PickerArgs) -> Result<Outcome, String> {
    if args.component {
        return Ok(Outcome::found(COMPONENT.to_owned(), false));
    }
    let operand = Operand::read(&named_or_only(args.catalogue.as_deref())?)?;
    let mut options = Options::new();
    if let Some(address) = &args.documentation {
        options = options.documentation(address);
    }
    for (name, title) in &args.group {
        options = options.group(name, title);
    }
    for (scope, access) in &args.access {
        options = options.access(scope, *access);
    }
    for (title, scopes) in &args.preset {
        options = options.preset(title, scopes.split_ascii_whitespace());
    }
    if args.without_read_only {
        options = options.without_read_only();
    }
    if let Some(scopes) = &args.issuer {
        options = options.issuer(scopes.split_ascii_whitespace());
    }
    let picker = Picker::new(&operand.catalogue, &options).map_err(|error| error.to_string())?;
    Ok(Outcome::found(escape::json(&picker.to_json()), false))
}

pub(crate) fn link(args: &LinkArgs) -> Result<Outcome, String> {
    let operand = Operand::read(&named_or_only(args.catalogue.as_deref())?)?;
    let catalogue = &operand.catalogue;
    if args.requests.is_empty() && args.scope.is_empty() {
        return Err("name a request with `--for`, or a scope with `--scope`".to_owned());
    }
    let mut used = Vec::new();
    for request in &args.requests {
        let Some((method, path)) = request.trim().split_once(char::is_whitespace) else {
            return Err(format!("`{request}`: write METHOD PATH, such as `GET /users`"));
        };
        let found = catalogue.at(method, path.trim().as_bytes());
        used.push(found.map_err(|reason| format!("`{request}`: {reason}"))?.route().id());
    }
    let mut keep = Vec::new();
    for name in &args.scope {
        keep.push(catalogue.scope_named(name).ok_or_else(|| format!("the catalogue has no scope `{name}`"))?);
    }
    let least = minimum(catalogue, used, keep, []);
    if least.scopes().is_empty() {
        return Err("no scope opens these requests: they need none, or another kind of credentials".to_owned());
    }
    let mut link = Link::new();
    for id in least.scopes() {
        link = link.scope(catalogue.info(*id).name());
    }
    if let Some(name) = &args.name {
        link = link.name(name);
    }
    if let Some(days) = args.expires_in {
        link = link.expires_in(days);
    }
    let query = link.to_query().map_err(|error| format!("no such link can be read: {error}"))?;
    let picker = Picker::new(catalogue, &Options::new()).map_err(|error| error.to_string())?;
    let choice = picker.choose(&link);
    if !choice.held_back().is_empty() {
        let names = escape::line(&choice.held_back().join(", "));
        eprintln!("a page does not choose these because of a link, since they delete or issue tokens: {names}");
    }
    let text = match &args.page {
        None => query,
        Some(page) if !["https://", "http://", "/"].iter().any(|start| page.starts_with(start)) => {
            return Err("`--page` is an address that begins with `https://`, `http://` or `/`".to_owned());
        }
        Some(page) if page.contains(['?', '#']) => return Err("`--page` is an address without `?` and `#`".to_owned()),
        Some(page) => format!("{}?{query}", escape::line(page)),
    };
    Ok(Outcome::found(text + "\n", false))
}
