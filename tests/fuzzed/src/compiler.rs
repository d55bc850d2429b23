//! The compiler on random declarations: it does not panic, and its tables say what was declared.

use std::collections::BTreeSet;

use scopes_core::compile::compile;
use scopes_core::declaration::{Declaration, DeprecationDeclaration, Item, RouteDeclaration, TenancyDeclaration};
use scopes_core::name::identifier;
use scopes_core::template::Template;
use scopes_core::{CatalogueErrorKind, Date, Deprecation, Route, ScopeInfo, Tenants, UntypedCatalogue};
use serde_json::{Value, json};

use crate::matcher;
use crate::model::{self, Model, decided};
use crate::notation::{self, Input};
use crate::oracle::{self, Answer};
use crate::reached::reach;
use crate::reference;

pub(crate) fn check(data: &[u8]) {
    let input = notation::read(data);
    let compiled = compile(&input.declaration);
    let again = compile(&input.declaration);
    assert_eq!((compiled.catalogue(), compiled.errors()), (again.catalogue(), again.errors()), "the same twice");
    assert!(compiled.errors().is_sorted_by_key(scopes_core::CatalogueError::place), "in the order written");
    for error in compiled.errors() {
        let text = error.to_string();
        assert!(!text.is_empty() && !text.ends_with('.') && !text.contains(char::is_control), "{text:?}");
        assert!(!matches!(error.kind(), CatalogueErrorKind::Internal { .. }), "{text}");
    }
    let catalogue = UntypedCatalogue::from_declaration(&input.declaration);
    assert_eq!(catalogue.is_ok(), compiled.errors().is_empty());
    consistent(compiled.catalogue());
    reference::check(compiled.catalogue());
    match catalogue {
        Ok(catalogue) => {
            assert_eq!(&catalogue, compiled.catalogue());
            reach("sound");
            sound(&input, &catalogue);
        }
        Err(_) => {
            reach("refused");
            requests(&input, compiled.catalogue(), &Model::of_routes(compiled.catalogue()), None);
        }
    }
}

/// Checks what holds for every catalogue, also for the rest of a catalogue with mistakes.
fn consistent(catalogue: &UntypedCatalogue) {
    for route in catalogue.routes() {
        let template = Template::parse(route.path()).expect("a route's path is a template");
        assert_eq!(template.to_string(), route.path());
        assert_eq!(template.parameters().count(), route.parameters().len());
        assert_eq!(template.segments().len(), route.segments());
        assert_eq!(catalogue.route_by_template(route.method(), &route.template()), Some(route));
        assert!(catalogue.methods().any(|method| method == route.method()));
    }
    for scope in catalogue.scopes() {
        assert_eq!(catalogue.scope_named(scope.name()), Some(scope.id()));
        assert!(!scope.members().any(|member| member == scope.id()));
        assert_eq!(catalogue.scope_once_named(scope.name()), None);
        for old in scope.old_names() {
            reach("renamed");
            assert_eq!((catalogue.scope_named(old), catalogue.scope_once_named(old)), (None, Some(scope.id())));
        }
        if let Some(successor) = scope.deprecation().and_then(Deprecation::successor) {
            assert!(successor.deprecated().is_none(), "{successor}");
        }
    }
    catalogue.routes().for_each(retired);
    for overlap in catalogue.overlaps() {
        let found = catalogue.at(overlap.method(), overlap.witness().as_bytes()).map(|found| found.route().template());
        assert_eq!(found.as_deref(), Ok(overlap.winner()), "the witness {}", overlap.witness());
        for template in [overlap.winner(), overlap.loser()] {
            assert!(oracle::takes(template, overlap.witness()), "{template} and its witness {}", overlap.witness());
        }
    }
    let _ = catalogue.notes();
}

/// Checks the deprecation that a route has from its scopes: a second implementation.
fn retired(route: Route<'_>) {
    let found = route.effective_deprecation();
    let told =
        found.is_some_and(|found| found.since().is_some() || found.sunset().is_some() || found.successor().is_some());
    assert_eq!(route.is_announced(), told, "{route}");
    if route.deprecated().is_some() {
        assert_eq!(found.map(Deprecation::reason), route.deprecated(), "{route}");
        return;
    }
    let terms: Vec<Vec<Deprecation<'_>>> = route
        .requirement()
        .iter()
        .map(|term| term.ids().filter_map(|id| route.catalogue().scope(id)?.deprecation()).collect())
        .collect();
    if terms.is_empty() || terms.iter().any(Vec::is_empty) {
        assert!(found.is_none(), "{route}");
        return;
    }
    reach("retired");
    let end = |date: Option<Date>| date.map_or(u64::MAX, Date::unix_seconds);
    let ends = terms.iter().map(|term| term.iter().map(|found| end(found.sunset())).min());
    assert_eq!(Some(end(found.and_then(Deprecation::sunset))), ends.max().flatten(), "{route}");
    let begins: Option<Vec<Date>> =
        terms.iter().map(|term| term.iter().filter_map(|found| found.since()).min()).collect();
    assert_eq!(found.and_then(Deprecation::since), begins.and_then(|begins| begins.into_iter().max()), "{route}");
}

fn sound(input: &Input, catalogue: &UntypedCatalogue) {
    let declaration = &input.declaration;
    let model = Model::of(declaration, catalogue);
    model.assert_routes(catalogue);

    let names: BTreeSet<&str> = catalogue.routes().map(Route::name).collect();
    assert_eq!(names.len(), catalogue.routes().len(), "every route has a name of its own");
    for name in names {
        let text = identifier(name);
        assert!(syn::parse_str::<syn::Ident>(&text).is_ok() || text.starts_with("r#"), "`{name}` is not an identifier");
    }
    let wire: Vec<&str> = catalogue.scopes().map(ScopeInfo::name).collect();
    let declared = declaration.items.iter().filter_map(|item| match item {
        Item::Scope(scope) => Some(scope.name.value.as_str()),
        _ => None,
    });
    assert!(declared.eq(wire), "scopes in the order declared");
    if declaration.strict {
        assert_eq!(catalogue.overlaps(), [], "a strict catalogue has none");
    }

    let known = |name: &&String| catalogue.scope_named(name).is_some();
    let holds: BTreeSet<String> = input.holds.iter().filter(known).cloned().collect();
    let tenants = match input.tenants.as_slice() {
        [any] if any == "*" => Tenants::Any,
        tenants => Tenants::only(tenants).unwrap_or_default(),
    };
    requests(input, catalogue, &model, Some((&holds, &tenants)));

    if let Some(json) = to_json(declaration) {
        reach("JSON");
        let read = UntypedCatalogue::from_json(&json.to_string());
        assert_eq!(read.as_ref(), Ok(catalogue), "the same declaration as JSON: {json}");
    }
}

/// The requests of the input, and some made from the routes.
fn requests(input: &Input, catalogue: &UntypedCatalogue, model: &Model, caller: Option<(&BTreeSet<String>, &Tenants)>) {
    let base = matcher::mount(input, catalogue);
    let derived = model.routes.iter().enumerate().flat_map(|(index, route)| {
        let template = Template::parse(&route.path).unwrap_or_default();
        let (long, long_escaped) = ("x".repeat(256), "%C3%A9".repeat(128));
        let mut targets: Vec<String> = ["E1", &long, "a:b", "a%2Fb", "%2e%2e", &long_escaped, "a%3ab", "%C3%A9", "%E9"]
            .map(|value| base.to_owned() + &template.example(|_| value.to_owned()))
            .into();
        // The root below a base is the base itself.
        targets.extend([base.to_owned() + &route.path, format!("{}/", targets[0]), base.to_owned()]);
        targets.extend(targets[0].rsplit_once('/').map(|(parent, _)| parent.to_owned()));
        // Some targets for each route instead of all for the first.
        targets.into_iter().skip(index % 3).step_by(3).map(|target| (route.method.clone(), target.into_bytes()))
    });
    for (method, target) in input.requests.iter().cloned().chain(derived.take(24)) {
        let answer = matcher::request(catalogue, model, base, input.limit, &method, &target);
        for caller in [None, caller].into_iter().filter(|_| caller.is_some()) {
            let expected = model.verdict(&answer, caller);
            let found = decided(catalogue, base, input.limit, &method, &target, caller);
            assert_eq!(found, expected, "{method} {}: {answer:?}", target.escape_ascii());
            match (caller, expected) {
                (None, _) => {}
                (Some(_), "200") => reach("allowed"),
                (Some((_, Tenants::Any)), "403 tenant") => reach("no tenant"),
                (Some(_), refused) => reach(refused),
            }
        }
        if let Answer::NotAllowed(methods) = answer {
            assert!(!methods.is_empty() && !methods.contains(&method));
        }
    }
}

/// The declaration in the format of `UntypedCatalogue::from_json`, which does not have `under`.
fn to_json(declaration: &Declaration) -> Option<Value> {
    let mut document = json!({ "name": declaration.name, "strict": declaration.strict });
    if let Some(base) = &declaration.base {
        document["base"] = json!(base.value);
    }
    if let Some(tenant) = &declaration.tenant {
        document["tenant"] = json!(tenant.value);
    }
    let (mut scopes, mut blocks) = (Vec::new(), false);
    for item in &declaration.items {
        match item {
            // Routes are in the order of the entries, and the format lists scopes first.
            Item::Scope(_) if blocks => return None,
            Item::Scope(scope) => {
                let includes: Vec<&str> = scope.includes.iter().map(|pattern| pattern.value.as_str()).collect();
                let mut entry =
                    json!({ "scope": scope.name.value, "includes": includes, "routes": routes(&scope.routes) });
                if let Some(dotted) = &scope.dotted {
                    entry["dotted"] = json!(dotted.value);
                }
                if let Some(title) = &scope.title {
                    entry["title"] = json!(title.value);
                }
                let was: Vec<&str> = scope.was.iter().map(|name| name.value.as_str()).collect();
                entry["was"] = json!(was);
                say_deprecation(&mut entry, scope.deprecated.as_ref());
                say_tenancy(&mut entry, scope.tenancy.as_ref().map(|tenancy| &tenancy.value));
                scopes.push(entry);
            }
            Item::Block(block) => {
                blocks = true;
                let (member, reason) = match &block.kind {
                    scopes_core::declaration::BlockKind::All(_) => return None,
                    scopes_core::declaration::BlockKind::Public(reason) => ("public", reason),
                    scopes_core::declaration::BlockKind::Authenticated(reason) => ("authenticated", reason),
                    scopes_core::declaration::BlockKind::External(reason) => ("external", reason),
                    other => panic!("a block of a kind that JSON does not have: {other:?}"),
                };
                if document.as_object().is_some_and(|document| document.keys().any(|key| comes_after(key, member))) {
                    return None;
                }
                let mut entry = json!({ "reason": reason.value, "routes": routes(&block.routes) });
                say_tenancy(&mut entry, block.tenancy.as_ref().map(|tenancy| &tenancy.value));
                match document.get_mut(member).and_then(Value::as_array_mut) {
                    Some(entries) => entries.push(entry),
                    None => document[member] = json!([entry]),
                }
            }
            other => panic!("an item that JSON does not have: {other:?}"),
        }
    }
    document["scopes"] = json!(scopes);
    Some(document)
}

fn comes_after(key: &str, member: &str) -> bool {
    let place = |member| ["public", "authenticated", "external"].iter().position(|known| *known == member);
    place(key) > place(member)
}

fn routes(routes: &[RouteDeclaration]) -> Value {
    let route = |route: &RouteDeclaration| {
        let raw: Vec<&str> = route.raw.iter().map(|name| name.value.as_str()).collect();
        let mut entry = json!({
            "method": route.method.value, "path": model::path(route), "raw": raw,
            "trailing_slash": route.trailing_slash.is_some(),
        });
        if let Some(name) = &route.name {
            entry["name"] = json!(name.value);
        }
        say_deprecation(&mut entry, route.deprecated.as_ref());
        say_tenancy(&mut entry, route.tenancy.as_ref().map(|tenancy| &tenancy.value));
        entry
    };
    routes.iter().map(route).collect()
}

fn say_deprecation(entry: &mut Value, deprecated: Option<&DeprecationDeclaration>) {
    let Some(DeprecationDeclaration { reason, since, sunset, successor, .. }) = deprecated else { return };
    entry["deprecated"] = json!({ "note": reason });
    for (member, written) in [("since", since), ("sunset", sunset), ("use", successor)] {
        if let Some(written) = written {
            entry["deprecated"][member] = json!(written.value);
        }
    }
}

fn say_tenancy(entry: &mut Value, tenancy: Option<&TenancyDeclaration>) {
    match tenancy {
        None => {}
        Some(TenancyDeclaration::Global(why)) => entry["global"] = json!(why),
        Some(TenancyDeclaration::Unbound(why)) => entry["unbound"] = json!(why),
        Some(other) => panic!("a tenancy that JSON does not have: {other:?}"),
    }
}
