//! Exports: files with the users or the wallets of an environment.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::IntoResponse;
use scopes::requires;
use serde_json::Value;

use super::Answered;
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::exports::{Content, Export, ExportFile, ExportFormat, ExportState, ExportType, NewExport};
use crate::kinds::field::Number;
use crate::kinds::text::Text;
use crate::kinds::users::{User, Wallet};
use crate::kinds::{Field as _, Kind, Object};
use crate::objects::{Change, Objects, Page, id, new_id};
use crate::store::Part;
use crate::wire::{Body, ListQuery, created, ok};

/// The greatest number of rows in a file: more than the users of an environment.
const MAX_ROWS: usize = 20_000;

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/exports")]
pub(crate) async fn list_exports(State(app): State<App>, query: ListQuery) -> Answered<Page<Export>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/exports/:exportId")]
pub(crate) async fn get_export(State(app): State<App>) -> Answered<Object<Export>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "exportId")?).await?)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/exports")]
pub(crate) async fn create_export(State(app): State<App>, Body(new): Body<NewExport>) -> Answered<Object<Export>> {
    let objects = app.objects_of(&permit)?;
    let format = new.format.unwrap_or(ExportFormat::Csv);
    let rows = match new.r#type {
        ExportType::Users => rows::<User>(&objects).await?,
        ExportType::Wallets => rows::<Wallet>(&objects).await?,
    };
    let count = rows.len() as u64;
    let content = match format {
        ExportFormat::Csv => csv(columns(new.r#type), &rows),
        ExportFormat::Json => Value::Array(rows).to_string(),
    };
    // The client has no part in the name, which ends in a header.
    let file_name = Text(format!("{}-{}.{}", new.r#type.as_str(), new_id(), format.as_str()));
    let export = Export { r#type: new.r#type, format, state: ExportState::Completed, file_name, rows: Number(count) };
    let mut change = Change::new();
    let export = change.insert(&objects, None, export, "")?;
    change.insert(&objects, Some(&export.id), ExportFile { content: Content(content) }, "")?;
    change.commit(&objects).await?;
    created(export)
}

/// The file. The owner of the export is compared once more, because the file has users' data.
#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/exports/:exportId/download")]
pub(crate) async fn download_export(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let objects = app.objects_of(&permit)?;
    let export = objects.get::<Export>(&id(&permit, "exportId")?).await?;
    permit.same_tenant(&export.environment_id)?;
    let file = objects.all_below::<ExportFile>(Some(&export.id)).await?.pop().ok_or(Failure::NotFound)?;
    permit.same_tenant(&file.environment_id)?;
    let content_type = match export.record.format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Json => "application/json",
    };
    let headers = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export.record.file_name.0)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file.record.content.0))
}

/// All objects of a kind, page by page.
async fn rows<K: Kind>(objects: &Objects<'_>) -> Result<Vec<Value>, Failure> {
    let (mut rows, mut after) = (Vec::new(), None);
    while rows.len() < MAX_ROWS {
        let part = Part { limit: 500, after, newest_first: false };
        let found = objects.app.store.objects_of(&objects.environment_id, K::KIND, None, &part).await?;
        let Some(last) = found.last() else { break };
        after = Some(last.cursor());
        for row in found {
            rows.push(crate::objects::read::<K>(row)?.write().unwrap_or_default());
        }
    }
    Ok(rows)
}

/// The columns of a file, in the names of the answers.
fn columns(of: ExportType) -> &'static [&'static str] {
    match of {
        ExportType::Users => &["id", "email", "alias", "firstName", "lastName", "country", "createdAt"],
        ExportType::Wallets => &["id", "userId", "chain", "address", "name", "embeddedVersion", "createdAt"],
    }
}

/// Comma-separated values (RFC 4180).
fn csv(columns: &[&str], rows: &[Value]) -> String {
    let mut text = columns.join(",") + "\r\n";
    for row in rows {
        let cells = columns.iter().map(|column| cell(row[column].as_str().unwrap_or_default()));
        text += &cells.collect::<Vec<_>>().join(",");
        text += "\r\n";
    }
    text
}

/// A cell. Spreadsheets run what begins with `=`, `+`, `-` or `@`, some also the full-width forms
/// of these, so an apostrophe goes before it; tabs, line ends and what has no width would hide
/// such a beginning.
fn cell(text: &str) -> String {
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let seen = text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let is_formula = seen.starts_with(FORMULA) || text.starts_with(['\t', '\r', '\n']);
    let guarded = if is_formula { format!("'{text}") } else { text.to_owned() };
    if is_formula || guarded.contains([',', '"', '\r', '\n']) || guarded.trim() != guarded {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// Whether a character has no width: marks of direction, joiners and the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, expected) in [
            ("Ada", "Ada"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("+41", "\"'+41\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            (" =1", "\"' =1\""),
            // Full-width forms, which spreadsheets for some languages read as formulas.
            ("＝1", "\"'＝1\""),
            ("＋1", "\"'＋1\""),
            ("－1", "\"'－1\""),
            ("＠A1", "\"'＠A1\""),
            // What cannot be seen does not hide a formula.
            ("\u{feff}=1", "\"'\u{feff}=1\""),
            ("\u{200b}\u{202e} =1", "\"'\u{200b}\u{202e} =1\""),
            ("\t=1", "\"'\t=1\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("a\r\n=1", "\"a\r\n=1\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
        let rows = [json!({"id": "1", "alias": "=1", "other": "x"}), json!({"id": "2"})];
        assert_eq!(csv(&["id", "alias"], &rows), "id,alias\r\n1,\"'=1\"\r\n2,\r\n");
    }
}
