//! The matcher on raw bytes, compared with trying all routes.

use scopes_core::compile::compile;
use scopes_core::{UntypedCatalogue, target};

use crate::model::{Model, answered};
use crate::notation::{self, Input};
use crate::oracle::{self, Answer};
use crate::reached::reach;

pub(crate) fn check(data: &[u8]) {
    let input = notation::read(data);
    let compiled = compile(&input.declaration);
    let catalogue = compiled.catalogue();
    let model = Model::of_routes(catalogue);
    if !catalogue.parts().tables.trie.is_empty() {
        reach("trie");
    }
    let base = mount(&input, catalogue);
    for (method, target) in &input.requests {
        request(catalogue, &model, base, input.limit, method, target);
    }
}

/// Where the catalogue is mounted. A base that the settings refuse is ignored.
pub(crate) fn mount<'i>(input: &'i Input, catalogue: &'i UntypedCatalogue) -> &'i str {
    match &input.mount {
        Some(mount) if scopes::Settings::new().mounted_at(mount).is_ok() => mount,
        _ => catalogue.base(),
    }
}

/// Checks one request and returns the answer.
pub(crate) fn request(
    catalogue: &UntypedCatalogue,
    model: &Model,
    base: &str,
    limit: usize,
    method: &str,
    target: &[u8],
) -> Answer {
    let limit = limit.min(target::MAX_TARGET_LIMIT);
    let expected = oracle::answer(&model.routes, base, limit, method, target);
    let show = target.escape_ascii();
    assert_eq!(answered(catalogue, base, limit, method, target), expected, "{method} {show}, mounted at `{base}`");
    classify(catalogue, model, &expected, target);

    // A query changes neither the answer nor the form of the target.
    let plain = !target.contains(&b'?') && target != b"*";
    let query = if target.len().is_multiple_of(2) { "?" } else { "?a=/b/../c;%zz//\u{0}é#" };
    let queried = [target, query.as_bytes()].concat();
    if plain && queried.len() <= limit {
        assert_eq!(answered(catalogue, base, limit, method, &queried), expected, "{method} {show}{query}");
    }
    // The check of targets refuses exactly the targets that are refused for every route.
    let form = target::check(target, limit).is_err();
    if form != matches!(expected, Answer::Malformed | Answer::TooLong) {
        let raw = matches!(&expected, Answer::Route(index, _) if !model.routes[*index].raw.is_empty());
        assert!(form && (raw || target == b"*"), "{show}: {expected:?}, but the check of targets says otherwise");
    }
    if let Ok(found) = catalogue.at_mounted(base, limit, method, target) {
        let path = catalogue.check_target(base, limit, target, Some(found.route()));
        let rest = path.ok().and_then(|path| target::below(path, base)).expect("a matched target is in order");
        let again = found.route().at_path(rest).expect("a route takes the path that it was found for");
        for parameter in found.route().parameters() {
            assert_eq!(again.raw_parameter(parameter.name()), found.raw_parameter(parameter.name()), "{show}");
            if !parameter.is_raw() {
                let raw = found.raw_parameter(parameter.name()).expect("a matched parameter has a value");
                let Some(value) = found.parameter(parameter.name()) else {
                    // Text of the template after the parameter may be the end of an escape.
                    assert!(matches!(raw, [.., b'%'] | [.., b'%', _]), "a strict parameter decodes: {show}");
                    continue;
                };
                let bad = |character: char| character.is_control() || "\\%;".contains(character);
                assert!(!value.is_empty() && !value.contains(bad), "{show}");
                assert!(parameter.is_rest() || !value.contains('/'), "{show}");
            }
        }
    }
    expected
}

fn classify(catalogue: &UntypedCatalogue, model: &Model, answer: &Answer, target: &[u8]) {
    reach(match answer {
        Answer::Route(..) => "route",
        Answer::Malformed => "malformed",
        Answer::TooLong => "too long",
        Answer::NotFound => "not found",
        Answer::NotAllowed(_) => "not allowed",
    });
    let Answer::Route(index, captures) = answer else { return };
    if !target.starts_with(b"/") {
        reach("absolute form");
    }
    let route = &model.routes[*index];
    let strict =
        |value: &[u8]| value.split(|&byte| byte == b'/').all(|part| oracle::broken_rules(part) == (false, false));
    if captures.iter().any(|(name, value)| route.raw.contains(name) && !strict(value)) {
        reach("raw parameter");
    }
    // Whether another route has a literal for a segment that the found route matches with a
    // parameter.
    let literal = |value: &[u8]| {
        let text = std::str::from_utf8(value).unwrap_or_default();
        catalogue.routes().any(|other| other.path() != route.path && other.path().split('/').any(|part| part == text))
    };
    if captures.iter().any(|(_, value)| literal(value)) {
        reach("backtracked");
    }
}
