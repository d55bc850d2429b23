//! The grammar of route templates, compared with a direct implementation of it.

use scopes_core::template::{Segment, Template, TemplateError};

use crate::oracle;
use crate::reached::reach;

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let parsed = Template::parse(&text);
    assert_eq!(parsed.is_ok(), is_template(&text), "{text:?}: {parsed:?}");
    match &parsed {
        Ok(template) => taken(&text, template),
        Err(errors) => {
            reach("refused");
            assert!(!errors.is_empty() && errors.is_sorted_by_key(TemplateError::offset), "{errors:?}");
            for error in errors {
                assert!(
                    text.get(error.offset()..error.offset() + error.length()).is_some(),
                    "{error:?} lies in the text"
                );
                let message = error.to_string();
                assert!(
                    !message.is_empty() && !message.ends_with('.') && !message.contains(char::is_control),
                    "{message:?}"
                );
            }
        }
    }
}

fn taken(text: &str, template: &Template) {
    reach("taken");
    let printed = template.to_string();
    assert_eq!(Template::parse(&printed).as_ref(), Ok(template), "{text:?} as `{printed}`");
    assert!(printed.is_ascii() && template.same_shape(template));
    assert_eq!(template.validate(), Ok(()));
    assert_eq!(printed.ends_with('/'), template.trailing_slash() || template.segments().is_empty());
    assert_eq!(template.is_literal(), template.parameters().count() == 0);
    for value in ["x", "{x}", "v.1"] {
        let path = template.example(|_| value.to_owned());
        assert!(oracle::takes(&printed, &path), "`{printed}` does not take its own example {path}");
    }
    let longer = template.example(|_| "x".to_owned()) + "/y";
    let rest = template.segments().iter().any(|segment| matches!(segment, Segment::Rest { .. }));
    assert_eq!(oracle::takes(&printed, &longer), rest, "`{printed}` and {longer}");
    for segment in template.segments() {
        match segment {
            Segment::Rest { .. } => reach("rest"),
            Segment::Parameter { prefix, suffix, .. } if prefix.len() + suffix.len() > 0 => {
                reach("parameter within text");
            }
            _ => {}
        }
    }
    if template.trailing_slash() {
        reach("trailing slash");
    }
    if template.segments().len() == 32 || template.parameters().count() == 16 || text.len() == 4096 {
        reach("the most there may be");
    }
    // Joined to itself, it is still a template, unless a name is used twice, it is too long, or a
    // `{*rest}` is in the middle.
    let joined = template.join(template);
    assert_eq!(joined.validate().is_ok(), is_template(&joined.to_string()), "{joined}");
}

/// The grammar, one rule per line.
fn is_template(text: &str) -> bool {
    if text == "/" {
        return true;
    }
    let Some(path) = text.strip_prefix('/') else { return false };
    let mut segments: Vec<&str> = path.split('/').collect();
    let slash = segments.last() == Some(&"");
    if slash {
        segments.pop();
    }
    let mut names = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let last = index + 1 == segments.len() && !slash;
        match segment_name(segment, last) {
            Some(Some(name)) => names.push(name),
            Some(None) => {}
            None => return false,
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    text.len() <= 4096 && !segments.is_empty() && segments.len() <= 32 && count <= 16 && names.len() == count
}

/// The parameter's name in a valid segment; `None` if the segment is invalid.
fn segment_name(segment: &str, last: bool) -> Option<Option<&str>> {
    let plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte));
    if let Some(name) = segment.strip_prefix(':') {
        let word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return word.then_some(Some(name));
    }
    let Some((prefix, rest)) = segment.split_once('{') else {
        // Clients never send `.` and `..`, and more dots are an ellipsis.
        let literal = !segment.starts_with('*') && !segment.bytes().all(|byte| byte == b'.');
        return (literal && plain(segment) && !has_group(segment) && !is_dollar_name(segment)).then_some(None);
    };
    let (name, suffix) = rest.split_once('}')?;
    let bare = name.strip_prefix('*').unwrap_or(name);
    let sound = bare
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)));
    let alone = prefix.is_empty() && suffix.is_empty() && last;
    let stars = prefix.is_empty() && !suffix.is_empty() && suffix.bytes().all(|byte| byte == b'*');
    let foreign = stars || prefix.ends_with('$') || has_group(prefix) || has_group(suffix);
    let text = plain(prefix) && plain(suffix) && !prefix.starts_with('*') && !foreign;
    (sound && text && (bare == name || alone)).then_some(Some(bare))
}

/// Whether the text contains the start of a pattern or an optional part in another router's syntax.
fn has_group(text: &str) -> bool {
    ["(.*", "(.+", "(:", "(.:"].iter().any(|group| text.contains(group))
}

/// `$id` is a parameter in other routers. `$count` may be a literal.
fn is_dollar_name(segment: &str) -> bool {
    segment.strip_prefix('$').is_some_and(|name| {
        let word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        word && (name == "id" || name.ends_with("Id") || name.ends_with("_id"))
    })
}
