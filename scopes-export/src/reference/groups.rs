//! Groups of scopes by the first segments of their names.

use scopes_core::{ScopeId, ScopeInfo, UntypedCatalogue};

/// A group with more scopes is divided by the next segment of their names.
const LARGEST: usize = 30;

/// Scopes whose names begin with the same segments.
///
/// A group is named by the first segment of its scopes. If it has more than 30 scopes, they are
/// divided by the next segment, as long as that makes smaller groups.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::reference::Reference;
///
/// let mut declaration = Declaration::new("api");
/// for name in ["users.read", "users.write", "admin", "mail.send"] {
///     declaration.scope(name);
/// }
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let reference = Reference::new(&catalogue);
/// assert!(reference.groups().iter().map(|group| group.name()).eq(["users", "", "mail"]));
/// assert_eq!(reference.groups()[0].scopes().len(), 2);
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Group<'c> {
    name: &'c str,
    scopes: Vec<ScopeId>,
}

impl<'c> Group<'c> {
    /// The segments that all names begin with, such as `environment` or `core.pods`. Empty for the
    /// scopes whose names have one segment.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::reference::Reference;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read");
    /// # declaration.scope("users.write");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// # let reference = Reference::new(&catalogue);
    /// assert_eq!(reference.groups()[0].name(), "users");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'c str {
        self.name
    }

    /// The scopes, in the catalogue's order.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::reference::Reference;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read");
    /// # declaration.scope("users.write");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// # let reference = Reference::new(&catalogue);
    /// let names = reference.groups()[0].scopes().filter_map(|id| catalogue.scope(id)).map(|scope| scope.name());
    /// assert!(names.eq(["users.read", "users.write"]));
    /// ```
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = ScopeId> + Clone + '_ {
        self.scopes.iter().copied()
    }
}

/// Divides the scopes of a catalogue.
pub(super) fn groups(catalogue: &UntypedCatalogue) -> Vec<Group<'_>> {
    let mut found = Vec::new();
    divide(catalogue.scopes().collect(), 1, "", &mut found);
    found
}

fn divide<'c>(scopes: Vec<ScopeInfo<'c>>, depth: usize, above: &'c str, found: &mut Vec<Group<'c>>) {
    let mut parts: Vec<(&'c str, Vec<ScopeInfo<'c>>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for scope in scopes {
        let name = prefix(scope.dotted(), depth).unwrap_or(above);
        let place = *places.entry(name).or_insert(parts.len());
        match parts.get_mut(place) {
            Some((_, part)) => part.push(scope),
            None => parts.push((name, vec![scope])),
        }
    }
    for (name, part) in parts {
        let is_divisible = part.len() > LARGEST
            && name != above
            && part.iter().any(|scope| prefix(scope.dotted(), depth + 1).is_some());
        if is_divisible {
            divide(part, depth + 1, name, found);
        } else {
            found.push(Group { name, scopes: part.into_iter().map(ScopeInfo::id).collect() });
        }
    }
}

/// The first segments of a name, if there are more after them.
fn prefix(dotted: &str, segments: usize) -> Option<&str> {
    let (end, _) = dotted.match_indices('.').nth(segments - 1)?;
    dotted.get(..end)
}
