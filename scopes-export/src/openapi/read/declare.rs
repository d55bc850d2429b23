//! The declaration of a catalogue, compiled without the operations that it cannot have.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use scopes_core::UntypedCatalogue;
use scopes_core::compile::compile;
use scopes_core::declaration::{
    At as Declared, BlockDeclaration, BlockKind, Declaration, Item, Place as Index, RouteDeclaration, ScopeDeclaration,
};

use super::demand::Demand;
use super::documents::Place;
use super::exported::{place_route, place_scope};

/// The most times that a declaration is compiled.
const MAX_ROUNDS: usize = 16;

/// A scope and where it stands.
pub(super) struct Scope {
    pub(super) declaration: ScopeDeclaration,
    pub(super) place: Place,
}

/// A route, what it demands, and where it stands.
pub(super) struct Routed {
    pub(super) route: RouteDeclaration,
    pub(super) demand: Demand,
    pub(super) place: Place,
    /// The operation as the document writes it.
    pub(super) operation: String,
}

/// All that is known of a catalogue.
pub(super) struct Draft {
    pub(super) declaration: Declaration,
    pub(super) root: Place,
    pub(super) scopes: Vec<Scope>,
    pub(super) routes: Vec<Routed>,
}

/// What a mistake is about.
pub(super) enum About {
    Document,
    Scope,
    Operation { operation: String, is_left_out: bool },
}

/// A mistake that the compiler of catalogues has found.
pub(super) struct Mistake {
    pub(super) about: About,
    pub(super) place: Place,
    pub(super) message: String,
}

/// A catalogue with the places of its routes and scopes.
pub(super) struct Outcome {
    pub(super) catalogue: UntypedCatalogue,
    pub(super) routes: Vec<Place>,
    pub(super) scopes: Vec<Place>,
    pub(super) mistakes: Vec<Mistake>,
}

/// The place of a scope or route in a declaration. 0 is the document.
pub(super) fn index(number: usize) -> Index {
    Index::new(u32::try_from(number + 1).unwrap_or(u32::MAX))
}

impl Draft {
    /// Compiles the catalogue, and removes what the compiler refuses. If the document as a whole is
    /// refused, the mistake is the error.
    pub(super) fn compile(mut self) -> Result<Outcome, Mistake> {
        let mut mistakes = self.remove_repeated();
        for _ in 0..MAX_ROUNDS {
            let declaration = self.assemble();
            let compiled = compile(&declaration);
            if compiled.errors().is_empty() {
                return Ok(Outcome {
                    routes: compiled.route_places().iter().map(|&index| self.place_of(index)).collect(),
                    scopes: self.scopes.iter().map(|scope| scope.place).collect(),
                    catalogue: compiled.catalogue().clone(),
                    mistakes,
                });
            }
            let mut wrong: HashMap<usize, String> = HashMap::new();
            for error in compiled.errors() {
                let number = (error.place().index() as usize).checked_sub(1);
                let Some(number) = number.filter(|number| *number < self.scopes.len() + self.routes.len()) else {
                    return Err(Mistake { about: About::Document, place: self.root, message: error.to_string() });
                };
                wrong.entry(number).or_insert_with(|| error.to_string());
            }
            self.remove(&wrong, &mut mistakes);
        }
        let message = "the compiler of catalogues refuses more and more of it".to_owned();
        Err(Mistake { about: About::Document, place: self.root, message })
    }

    fn place_of(&self, index: Index) -> Place {
        let number = (index.index() as usize).checked_sub(1);
        let route = number.and_then(|number| self.routes.get(number.checked_sub(self.scopes.len())?));
        route.map_or(self.root, |routed| routed.place)
    }

    /// Removes operations whose method and path another one has. The compiler would take their
    /// demands as alternatives, and then one of the two suffices.
    fn remove_repeated(&mut self) -> Vec<Mistake> {
        let mut first: HashMap<(String, String), (String, Place)> = HashMap::new();
        let mut mistakes = Vec::new();
        self.routes.retain(|routed| {
            let route = &routed.route;
            match first.entry((route.method.value.clone(), route.path.value.clone())) {
                Entry::Vacant(entry) => {
                    entry.insert((routed.operation.clone(), routed.place));
                    true
                }
                Entry::Occupied(entry) => {
                    let (operation, place) = entry.get();
                    let line = place.spot.line;
                    let message =
                        format!("`{operation}` at line {line} has the same method and path, and its demand counts");
                    let about = About::Operation { operation: routed.operation.clone(), is_left_out: true };
                    mistakes.push(Mistake { about, place: routed.place, message });
                    false
                }
            }
        });
        mistakes
    }

    /// Removes scopes and routes, and the alternatives that name a removed scope.
    fn remove(&mut self, wrong: &HashMap<usize, String>, mistakes: &mut Vec<Mistake>) {
        let count = self.scopes.len();
        let mut removed = Vec::new();
        let mut number = 0;
        self.scopes.retain(|scope| {
            let message = wrong.get(&number);
            number += 1;
            let Some(message) = message else { return true };
            let name = scope.declaration.name.value.clone();
            removed.push(name);
            mistakes.push(Mistake { about: About::Scope, place: scope.place, message: message.clone() });
            false
        });
        let mut number = count;
        self.routes.retain_mut(|routed| {
            let mut message = wrong.get(&number).cloned();
            number += 1;
            if let Demand::AnyOf(alternatives) = &mut routed.demand
                && !removed.is_empty()
            {
                let before = alternatives.len();
                alternatives.retain(|alternative| !alternative.iter().any(|name| removed.contains(name)));
                if alternatives.len() < before && message.is_none() {
                    let missing = "an alternative names a scope that is left out".to_owned();
                    if alternatives.is_empty() {
                        message = Some(missing);
                    } else {
                        let about = About::Operation { operation: routed.operation.clone(), is_left_out: false };
                        mistakes.push(Mistake { about, place: routed.place, message: missing });
                    }
                }
            }
            let Some(message) = message else { return true };
            let about = About::Operation { operation: routed.operation.clone(), is_left_out: true };
            mistakes.push(Mistake { about, place: routed.place, message });
            false
        });
    }

    /// The declaration: scopes, then blocks in the order in which routes need them.
    fn assemble(&self) -> Declaration {
        let mut scopes: Vec<ScopeDeclaration> = Vec::with_capacity(self.scopes.len());
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (number, scope) in self.scopes.iter().enumerate() {
            let mut declaration = scope.declaration.clone();
            place_scope(&mut declaration, index(number));
            by_name.insert(&scope.declaration.name.value, number);
            scopes.push(declaration);
        }
        let mut blocks = Blocks::default();
        for (number, routed) in self.routes.iter().enumerate() {
            let place = index(self.scopes.len() + number);
            let mut first = Some(placed(&routed.route, place));
            let mut route = || first.take().unwrap_or_else(|| again(&routed.route, place));
            match &routed.demand {
                Demand::AnyOf(alternatives) => {
                    for alternative in alternatives {
                        match alternative.as_slice() {
                            [name] => {
                                let scope = by_name.get(name.as_str()).and_then(|&number| scopes.get_mut(number));
                                if let Some(scope) = scope {
                                    scope.routes.push(route());
                                }
                            }
                            names => blocks.add(Key::All(names), place, route()),
                        }
                    }
                }
                Demand::Public(reason) => blocks.add(Key::Public(reason), place, route()),
                Demand::Authenticated(reason) => blocks.add(Key::Authenticated(reason), place, route()),
                Demand::External(reason) => blocks.add(Key::External(reason), place, route()),
            }
        }
        let mut declaration = self.declaration.clone();
        let blocks = blocks.list.into_iter().map(Item::Block);
        declaration.items = scopes.into_iter().map(Item::Scope).chain(blocks).collect();
        declaration
    }
}

fn placed(route: &RouteDeclaration, place: Index) -> RouteDeclaration {
    let mut route = route.clone();
    place_route(&mut route, place);
    route
}

/// The route once more, in another block: without the texts, which count where they are first.
fn again(route: &RouteDeclaration, place: Index) -> RouteDeclaration {
    let mut again = RouteDeclaration::at(route.method.clone(), route.path.clone());
    again.tenancy.clone_from(&route.tenancy);
    again.trailing_slash = route.trailing_slash;
    place_route(&mut again, place);
    again
}

/// The blocks, each with all routes that demand the same.
#[derive(Default)]
struct Blocks<'a> {
    list: Vec<BlockDeclaration>,
    by_key: HashMap<Key<'a>, usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    All(&'a [String]),
    Public(&'a str),
    Authenticated(&'a str),
    External(&'a str),
}

impl<'a> Blocks<'a> {
    fn add(&mut self, key: Key<'a>, place: Index, route: RouteDeclaration) {
        let at = *self.by_key.entry(key).or_insert_with(|| {
            self.list.push(BlockDeclaration::new(key.kind(place), place));
            self.list.len() - 1
        });
        if let Some(block) = self.list.get_mut(at) {
            block.routes.push(route);
        }
    }
}

impl Key<'_> {
    fn kind(self, place: Index) -> BlockKind {
        let text = |text: &str| Declared::new(text.to_owned(), place);
        match self {
            Self::All(names) => BlockKind::All(names.iter().map(|name| text(name)).collect()),
            Self::Public(reason) => BlockKind::Public(text(reason)),
            Self::Authenticated(reason) => BlockKind::Authenticated(text(reason)),
            Self::External(reason) => BlockKind::External(text(reason)),
        }
    }
}
