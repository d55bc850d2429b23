//! `scopes docs`: the permission reference as a page.

use clap::ValueEnum;
use scopes_export::page::{Page, is_address};

use crate::operand::{Operand, named_or_only};
use crate::output::Outcome;

pub(crate) const HELP: &str = "\
Examples:
  scopes docs target/scopes/api.json > permissions.html
  scopes docs target/scopes/api.json --format markdown > permissions.md
  scopes docs target/scopes/api.json --format llms --markdown permissions.md > llms.txt";

#[derive(Debug, clap::Args)]
pub(crate) struct DocsArgs {
    /// The catalogue; by default the only one in target/scopes.
    catalogue: Option<String>,
    /// The page to write: one self-contained file of HTML, Markdown, or the index for language
    /// models.
    #[arg(long, default_value = "html")]
    format: Format,
    /// The heading of the page; by default it has the catalogue's name.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Where the Markdown will be, so that the other pages link to it: a file in the same folder,
    /// or an `https:` address.
    #[arg(long, value_name = "ADDRESS")]
    markdown: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Html,
    Markdown,
    Llms,
}

pub(crate) fn run(args: &DocsArgs) -> Result<Outcome, String> {
    let operand = Operand::read(&named_or_only(args.catalogue.as_deref())?)?;
    let mut page = Page::new(&operand.catalogue);
    if let Some(title) = &args.title {
        page = page.title(title);
    }
    if let Some(address) = &args.markdown {
        if !is_address(address) {
            return Err("--markdown: write a file in the same folder or below, or an `https:` address".to_owned());
        }
        page = page.markdown_at(address);
    }
    let text = match args.format {
        Format::Html => page.html(),
        Format::Markdown => page.markdown(),
        Format::Llms => page.llms_txt(),
    };
    Ok(Outcome::found(text, false))
}
