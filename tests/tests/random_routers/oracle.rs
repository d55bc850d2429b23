//! Judges which handlers may run, without code of the guard.

use super::catalogue::{Access, Declared, Ownership};
use super::routers::Ran;

#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// `None` without credentials.
    pub(crate) scopes: Option<Vec<u8>>,
    pub(crate) is_of_e1: bool,
    /// The route whose scopes are only reported.
    pub(crate) free: Option<String>,
}

impl Caller {
    fn satisfies(&self, route: &Declared, tenant: Option<&str>) -> bool {
        let is_of_tenant = || route.ownership != Ownership::Bound || self.is_of_e1 && tenant == Some("E1");
        match (&route.access, &self.scopes) {
            (Access::Public | Access::External, _) => true,
            (_, None) => false,
            (Access::Authenticated, Some(_)) => is_of_tenant(),
            (Access::Scoped(scopes), Some(held)) => {
                let is_free = self.free.as_ref().is_some_and(|free| *free == route.to_string());
                (is_free || scopes.iter().all(|scope| held.contains(scope))) && is_of_tenant()
            }
        }
    }
}

/// The text before a parameter, its name, the text after it.
pub(crate) fn parameter(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

fn has_text(segment: &str) -> bool {
    parameter(segment).is_some_and(|(before, _, after)| !before.is_empty() || !after.is_empty())
}

/// A path without the names of its parameters.
pub(crate) fn shape(path: &str) -> String {
    let of_segment = |segment| match parameter(segment) {
        None => String::from(segment),
        Some((before, name, after)) => format!("{before}{{{}}}{after}", if name.starts_with('*') { "*" } else { "" }),
    };
    path.split('/').map(of_segment).collect::<Vec<_>>().join("/")
}

/// A path that axum supports: without text beside parameters.
pub(crate) fn without_text(path: &str) -> String {
    let of_segment = |segment| match parameter(segment) {
        Some((_, name, _)) if has_text(segment) => format!("{{{name}}}"),
        _ => String::from(segment),
    };
    path.split('/').map(of_segment).collect::<Vec<_>>().join("/")
}

/// The segments of a path, each decoded; a trailing slash is an empty last one.
pub(crate) fn decoded(path: &str) -> Vec<Vec<u8>> {
    let of_segment = |segment: &str| {
        let (mut bytes, mut rest) = (Vec::new(), segment.as_bytes());
        while let [byte, tail @ ..] = rest {
            rest = tail;
            if *byte == b'%' {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
                rest = &rest[2..];
            } else {
                bytes.push(*byte);
            }
        }
        bytes
    };
    path.split('/').skip(1).map(of_segment).collect()
}

pub(crate) fn raw(path: &str) -> Vec<Vec<u8>> {
    path.split('/').skip(1).map(|segment| segment.as_bytes().to_vec()).collect()
}

/// How leniently a template matches segments.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    /// Neither a value nor a segment of a catch-all is empty.
    Strict,
    /// Like a handler that strips the literal text itself.
    Handler,
}

/// Returns `Some` if the template matches the segments, with the tenant that they name.
#[allow(clippy::option_option, reason = "whether it fits, and whether there is a tenant")]
fn fits(template: &str, segments: &[Vec<u8>], reading: Reading) -> Option<Option<String>> {
    let is_lenient = matches!(reading, Reading::Handler);
    let (mut left, mut tenant) = (segments.iter(), None);
    for segment in template.split('/').skip(1) {
        let value = left.next()?;
        let Some((before, name, after)) = parameter(segment) else {
            if value != segment.as_bytes() {
                return None;
            }
            continue;
        };
        if name.starts_with('*') {
            let is_taken = !value.is_empty() && (is_lenient || left.all(|value| !value.is_empty()));
            return is_taken.then_some(tenant);
        }
        let may_be_empty = is_lenient && has_text(segment);
        let shortest = before.len() + after.len() + usize::from(!may_be_empty);
        if value.len() < shortest || !value.starts_with(before.as_bytes()) || !value.ends_with(after.as_bytes()) {
            return None;
        }
        if name == "t" {
            tenant = String::from_utf8(value[before.len()..value.len() - after.len()].to_vec()).ok();
        }
    }
    left.next().is_none().then_some(tenant)
}

fn rank(path: &str) -> Vec<(u8, i32, i32)> {
    let of_segment = |segment| match parameter(segment) {
        None => (0, 0, 0),
        Some((_, name, _)) if name.starts_with('*') => (2, 0, 0),
        Some((before, _, after)) => (1, -((before.len() + after.len()) as i32), -(before.len() as i32)),
    };
    path.split('/').skip(1).map(of_segment).collect()
}

/// Whether the route answers this method. HEAD falls back to GET if no route of the shape has HEAD
/// itself.
fn answers(routes: &[Declared], route: &Declared, method: &str) -> bool {
    let has_own_head = || routes.iter().any(|other| other.method == "HEAD" && shape(&other.path) == shape(&route.path));
    route.method == method || method == "HEAD" && route.method == "GET" && !has_own_head()
}

/// The most specific route that matches the segments, and the tenant that they name.
pub(crate) fn best(routes: &[Declared], method: &str, segments: &[Vec<u8>]) -> Option<(usize, Option<String>)> {
    let of_method = routes.iter().enumerate().filter(|(_, route)| answers(routes, route, method));
    let fitting = of_method.filter_map(|(index, route)| Some((index, fits(&route.path, segments, Reading::Strict)?)));
    fitting.min_by_key(|(index, _)| rank(&routes[*index].path))
}

/// Why the handler should not have run.
///
/// Several routes that differ only in text have one handler. If the gate cannot know the router
/// (`is_unknown`), this handler may run for the route that the path means.
pub(crate) fn faults(
    routes: &[Declared],
    method: &str,
    target: &str,
    caller: &Caller,
    ran: &Ran,
    is_unknown: bool,
) -> Vec<String> {
    let (whole, local) = (decoded(target), decoded(&ran.local_path));
    let mut mine = served_by(routes, method, ran);
    let meant = best(routes, method, &whole);
    if let Some((meant, _)) = meant.as_ref().filter(|_| is_unknown)
        && mine.iter().any(|(index, _)| index == meant)
    {
        mine.retain(|(index, _)| index == meant);
    }
    let mut faults = Vec::new();
    for (index, local_path) in &mine {
        let route = &routes[*index];
        // A router that does not support text beside parameters gives the handler every value. The
        // gate's documentation names this limit.
        let Some(tenant) = fits(local_path, &local, Reading::Handler) else { continue };
        if method == "HEAD" && !answers(routes, route, method) {
            continue;
        }
        // The handler takes the tenant from its own template, otherwise from the whole path.
        let of_whole = || if *local_path == route.path { None } else { fits(&route.path, &whole, Reading::Handler)? };
        let tenant = tenant.or_else(of_whole);
        if !caller.satisfies(route, tenant.as_deref()) {
            faults.push(format!("it serves {route}"));
        }
    }
    if let Some((index, tenant)) = meant
        && !mine.iter().any(|(known, _)| *known == index)
        && !caller.satisfies(&routes[index], tenant.as_deref())
    {
        faults.push(format!("the path means {}", routes[index]));
    }
    faults
}

/// Whether this template matches the path that the handler got.
pub(crate) fn takes(local_path: &str, ran: &Ran) -> bool {
    fits(local_path, &decoded(&ran.local_path), Reading::Handler).is_some()
}

/// The routes that a handler serves: those that it was registered for, and all others that axum
/// cannot distinguish from these.
fn served_by(routes: &[Declared], method: &str, ran: &Ran) -> Vec<(usize, String)> {
    let mut mine = ran.registered.clone();
    let shapes: Vec<String> = mine.iter().map(|(_, local)| shape(&without_text(local))).collect();
    for (index, route) in routes.iter().enumerate() {
        let local = if ran.prefix.is_empty() {
            Some(&*route.path)
        } else {
            let second = route.path[1..].find('/').map(|at| at + 1);
            second.filter(|&at| shape(&route.path[..at]) == shape(&ran.prefix)).map(|at| &route.path[at..])
        };
        let Some(local) = local else { continue };
        let is_alike = shapes.contains(&shape(&without_text(local)));
        if is_alike && answers(routes, route, method) && !mine.iter().any(|(known, _)| *known == index) {
            mine.push((index, local.to_owned()));
        }
    }
    mine
}
