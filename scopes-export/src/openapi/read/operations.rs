//! The operations of a document.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use scopes_core::method;

use super::documents::{At, Documents, Place};
use super::fault::Fault;
use super::node::Object;
use super::options::Options;
use super::paths;
use super::version::Version;
use super::{security, servers};

/// The most operations that are read, those that cannot be read and the notes included: many paths
/// may share one path item, so that a small document could have a report without end.
const MAX_OPERATIONS: usize = 65_000;

/// The most `$ref`s from one path item to the next.
const MAX_LAYERS: usize = 32;

/// The members of a path item that are not operations.
const OTHER_MEMBERS: [&str; 6] = ["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];

/// An operation, before anything of it is judged.
pub(super) struct Operation {
    pub(super) method: String,
    /// The path as the document writes it.
    pub(super) path: String,
    pub(super) place: Place,
    pub(super) at: At,
    pub(super) prefix: String,
    /// The parameters of the path that hold several segments.
    pub(super) several: Vec<String>,
    /// A `security` of the path item, which readers ignore.
    pub(super) misplaced: Option<Fault>,
}

/// The operations, and the paths and operations that cannot be read.
#[derive(Default)]
pub(super) struct Found {
    pub(super) operations: Vec<Operation>,
    pub(super) faults: Vec<(Option<String>, Fault)>,
    pub(super) notes: Vec<Fault>,
    /// The path below which operations are served that name no servers of their own.
    pub(super) prefix: String,
}

pub(super) struct Reader<'d, 'f> {
    documents: &'d mut Documents<'f>,
    version: Version,
    base: Option<String>,
    root_prefix: String,
    found: Found,
    /// What was noted, because several paths may share it.
    noted: BTreeSet<(Place, String)>,
    /// The index of the first operation of the current path item.
    item_start: usize,
    /// The first operation with callbacks, and how many there are.
    callbacks: Option<(Place, usize)>,
}

/// What the operations of a path item have in common.
struct Shared {
    prefix: Option<String>,
    several: Vec<String>,
    misplaced: Option<Fault>,
}

/// Reads all operations. `base` is the path of a document without servers.
pub(super) fn read(
    documents: &mut Documents<'_>,
    version: Version,
    base: Option<&str>,
    options: &Options,
) -> Result<Found, Fault> {
    let root = documents.root();
    let mut reader = Reader {
        documents,
        version,
        base: options.base.as_deref().map(servers::path),
        root_prefix: String::new(),
        found: Found::default(),
        noted: BTreeSet::new(),
        item_start: 0,
        callbacks: None,
    };
    let prefix = match (&reader.base, version) {
        (Some(base), _) => Some(base.clone()),
        (None, Version::Two) => {
            let found = servers::base_path(&root);
            reader.found.notes.extend(found.notes);
            found.path
        }
        (None, _) => root.get("servers").and_then(|servers| reader.servers(&servers, true)),
    };
    reader.root_prefix = match prefix {
        Some(prefix) => prefix,
        None => base.filter(|base| !has_key_below(&root, base)).unwrap_or_default().to_owned(),
    };
    reader.ignored(&root);
    reader.found.prefix.clone_from(&reader.root_prefix);
    if let Some(paths) = root.get("paths") {
        reader.paths(&paths)?;
    }
    for (member, what) in
        [("webhooks", "requests that the API itself sends"), ("x-webhooks", "requests that the API itself sends")]
    {
        if let Some(at) = root.get(member) {
            let message = format!("`{member}` are {what}, so they are not routes");
            reader.found.notes.push(Fault::new("webhooks", at.place(), message, ""));
        }
    }
    if let Some((place, count)) = reader.callbacks {
        let message =
            format!("{count} operations have `callbacks`, requests that the API itself sends: they are not routes");
        reader.found.notes.push(Fault::new("callbacks", place, message, ""));
    }
    if let Some(at) = root.get("x-ms-paths") {
        let message = "`x-ms-paths` are not paths of OpenAPI, and none of them is imported";
        let fault = Fault::new("x-ms-paths", at.place(), message, "move them to `paths`, without queries");
        reader.found.faults.push((None, fault));
    }
    Ok(reader.found)
}

/// Whether a path of the document begins with the base, so that the base must not be added.
fn has_key_below(root: &At, base: &str) -> bool {
    let paths = root.get("paths");
    let members = paths.as_ref().and_then(|paths| paths.node.object()).map(Object::members).unwrap_or_default();
    !base.is_empty() && members.iter().any(|member| paths::without_base(base, &member.key).is_some())
}

impl Reader<'_, '_> {
    /// The path of a list of servers, with notes about what is not exact. What the user has decided
    /// counts, and then there is nothing to say.
    fn servers(&mut self, at: &At, is_root: bool) -> Option<String> {
        if let Some(base) = &self.base {
            return Some(base.clone());
        }
        if self.version == Version::Two {
            return None;
        }
        let found = servers::read(self.documents, at);
        if found.path.is_none() && found.notes.is_empty() && !is_root {
            let message = "`servers` is empty here, so those of the document or of the path item count";
            self.note([Fault::new("servers", at.place(), message, servers::ADVICE)]);
        }
        self.note(found.notes);
        found.path
    }

    fn note(&mut self, notes: impl IntoIterator<Item = Fault>) {
        let new = notes.into_iter().filter(|note| self.noted.insert((note.place, note.message.clone())));
        self.found.notes.extend(new);
    }

    /// Notes the members that look like the place of the API, and are not.
    fn ignored(&mut self, at: &At) {
        if self.base.is_none() {
            self.note(servers::ignored(at, self.version));
        }
    }

    fn paths(&mut self, at: &At) -> Result<(), Fault> {
        let at = self.documents.resolve(at).map_err(|message| Fault::reference(at, message))?;
        let paths = at.node.object().ok_or_else(|| Fault::form(&at, "`paths`", "an object"))?;
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for member in paths.members() {
            *counts.entry(&member.key).or_default() += 1;
        }
        for member in paths.members().iter().filter(|member| !member.key.starts_with("x-")) {
            let place = Place { file: at.file, spot: member.spot };
            if counts.get(&*member.key).is_some_and(|&count| count > 1) {
                let message = "the path occurs twice, and readers differ in which one counts";
                self.fault(None, &member.key, Fault::new("repeated-key", place, message, "remove one of the two"));
                continue;
            }
            if let Err(fault) = self.item(&member.key, &at.within(&member.value)) {
                self.fault(None, &member.key, fault);
            }
            let Found { operations, faults, notes, .. } = &self.found;
            if operations.len() + faults.len() + notes.len() > MAX_OPERATIONS {
                let message = format!("there are more than {MAX_OPERATIONS} operations and findings");
                return Err(Fault::new("operations", place, message, ""));
            }
        }
        Ok(())
    }

    fn fault(&mut self, method: Option<&str>, path: &str, fault: Fault) {
        let name = method.map_or_else(|| path.to_owned(), |method| format!("{method} {path}"));
        self.found.faults.push((Some(name), fault));
    }

    /// The path item, and the ones that its `$ref`s name. Members beside a `$ref` count as well.
    fn layers(&mut self, at: &At) -> Result<Vec<At>, Fault> {
        let mut layers = Vec::from([at.clone()]);
        while let Some(at) = layers.last().filter(|at| at.node.get("$ref").is_some()).cloned() {
            if layers.len() > MAX_LAYERS {
                return Err(Fault::reference(&at, "the references lead in a circle, or through too many".to_owned()));
            }
            let next = self.documents.step(&at).and_then(|next| {
                // Each path that names the item reads its members again.
                self.documents.spend(next.node.object().map_or(0, |item| item.members().len()))?;
                Ok(next)
            });
            layers.push(next.map_err(|message| Fault::reference(&at, message))?);
        }
        Ok(layers)
    }

    fn item(&mut self, path: &str, at: &At) -> Result<(), Fault> {
        self.item_start = self.found.operations.len();
        let layers = self.layers(at)?;
        let mut methods: HashSet<String> = HashSet::new();
        let shared = self.shared(&layers);
        for layer in &layers {
            let item = layer.node.object().ok_or_else(|| Fault::form(layer, "a path item", "an object"))?;
            if let Some(fault) = Fault::repeated(layer) {
                return Err(fault);
            }
            for member in item.members() {
                let place = Place { file: layer.file, spot: member.spot };
                let Some(method) = self.method(path, &member.key, place) else { continue };
                let at = layer.within(&member.value);
                self.operation(path, method, &at, place, &shared, &mut methods);
            }
            let Some(more) = item.get("additionalOperations") else { continue };
            let more = layer.within(&more.value);
            if self.version != Version::ThreeTwo {
                let message = "only version 3.2 has `additionalOperations`";
                self.fault(None, path, Fault::new("method", more.place(), message, "write the version 3.2.0"));
                continue;
            }
            let more = match self.documents.resolve(&more) {
                Ok(at) if at.node.object().is_some() => at,
                Ok(at) => {
                    self.fault(None, path, Fault::form(&at, "`additionalOperations`", "an object"));
                    continue;
                }
                Err(message) => {
                    self.fault(None, path, Fault::reference(&more, message));
                    continue;
                }
            };
            for member in more.node.object().map(Object::members).unwrap_or_default() {
                let place = Place { file: more.file, spot: member.spot };
                let at = more.within(&member.value);
                self.operation(path, member.key.to_string(), &at, place, &shared, &mut methods);
            }
        }
        Ok(())
    }

    /// Reads what the operations of a path item have in common. `layers` are the path item and the
    /// ones that its references name.
    fn shared(&mut self, layers: &[At]) -> Shared {
        let mut prefix = None;
        let mut misplaced = None;
        for layer in layers {
            self.ignored(layer);
            misplaced = misplaced.or_else(|| security::misplaced(layer));
            let Some(servers) = layer.get("servers") else { continue };
            let path = self.servers(&servers, false);
            match (&prefix, path) {
                (None, path) => prefix = path,
                (Some(first), Some(other)) if *first != other => {
                    let message = "`servers` beside `$ref` count, and not those of the path item that it names";
                    self.note([Fault::new("servers", servers.place(), message, servers::ADVICE)]);
                }
                (Some(_), _) => {}
            }
        }
        // It is listed where it stands, even if each operation has a `security` of its own.
        self.found.notes.extend(misplaced.clone());
        let lists = layers.iter().filter_map(|layer| layer.get("parameters"));
        let several = lists.flat_map(|list| self.several(&list)).collect();
        Shared { prefix, several, misplaced }
    }

    /// The method of a member of a path item; `None` if it is not an operation.
    fn method(&mut self, path: &str, key: &Rc<str>, place: Place) -> Option<String> {
        let is_known = match &**key {
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" => true,
            "trace" => self.version != Version::Two,
            "query" => self.version == Version::ThreeTwo,
            key if key.starts_with("x-") || OTHER_MEMBERS.contains(&key) || security::is_word(key) => return None,
            _ => false,
        };
        if is_known {
            return Some(key.to_ascii_uppercase());
        }
        let message = match key.to_ascii_lowercase().as_str() {
            lower if lower != &**key && method::is_standard(&key.to_ascii_uppercase()) => {
                format!("the members of a path item are in lower case: `{key}` is not one")
            }
            _ => format!("version {} has no operation `{key}`", self.version.as_str()),
        };
        self.fault(None, path, Fault::new("method", place, message, "write a member that the version has"));
        None
    }

    fn operation(
        &mut self,
        path: &str,
        method: String,
        at: &At,
        place: Place,
        shared: &Shared,
        methods: &mut HashSet<String>,
    ) {
        if !methods.insert(method.clone()) {
            let mut of_item = self.found.operations.split_off(self.item_start);
            of_item.retain(|known| known.method != method);
            self.found.operations.append(&mut of_item);
            let message = "the operation is here and in the path item that `$ref` names";
            self.fault(Some(&method), path, Fault::new("repeated-key", place, message, "remove one of the two"));
            return;
        }
        let at = match self.documents.resolve(at) {
            Ok(at) if at.node.object().is_none() => {
                return self.fault(Some(&method), path, Fault::form(&at, "an operation", "an object"));
            }
            Ok(at) => at,
            Err(message) => return self.fault(Some(&method), path, Fault::reference(at, message)),
        };
        if let Some(fault) = Fault::repeated(&at) {
            return self.fault(Some(&method), path, fault);
        }
        self.ignored(&at);
        let own = at.get("servers").and_then(|servers| self.servers(&servers, false));
        let prefix = own.or_else(|| shared.prefix.clone()).unwrap_or_else(|| self.root_prefix.clone());
        if at.get("callbacks").is_some() {
            self.callbacks.get_or_insert((place, 0)).1 += 1;
        }
        let mut several = at.get("parameters").map(|list| self.several(&list)).unwrap_or_default();
        several.extend(shared.several.iter().cloned());
        let misplaced = shared.misplaced.clone();
        self.found.operations.push(Operation { method, path: path.to_owned(), place, at, prefix, several, misplaced });
    }

    /// The parameters in the path that hold several segments. A list that cannot be read has none:
    /// then the route takes fewer requests, and never more.
    fn several(&mut self, list: &At) -> Vec<String> {
        let Ok(list) = self.documents.resolve(list) else { return Vec::new() };
        let mut names = Vec::new();
        let parameters = list.node.list().unwrap_or_default();
        if self.documents.spend(parameters.len()).is_err() {
            return names;
        }
        for parameter in parameters {
            let Ok(parameter) = self.documents.resolve(&list.within(parameter)) else { continue };
            let text = |member: &str| parameter.node.get(member).and_then(|node| node.text());
            let says = |member: &str| parameter.node.get(member).is_some_and(|node| node.is_true());
            if text("in") == Some("path") && (says("x-multi-segment") || says("allowReserved")) {
                names.extend(text("name").map(str::to_owned));
            }
        }
        names
    }
}
