//! What a route demands of its caller, in words.

use scopes_core::{ScopeId, ScopeInfo, UntypedCatalogue};

/// The greatest number of alternatives in a sentence about a route, which may have 255.
pub(super) const MOST_ALTERNATIVES: usize = 12;

/// The same for a sentence about a route beside a scope. A page has such a sentence for each pair
/// of a scope and a route.
const MOST_BESIDE: usize = 3;

/// What a caller with one scope needs for one route: besides that scope, or instead of it. The
/// least power comes first. [`Reference::beside`](super::Reference::beside) makes it.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
/// use scopes_export::reference::Reference;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("admin").route("POST", "/images");
/// declaration.scope("images.write");
/// declaration.scope("disks.read");
/// let both = BlockKind::All(vec!["images.write".into(), "disks.read".into()]);
/// declaration.block(both).route("POST", "/images");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
///
/// let (reference, route) = (Reference::new(&catalogue), catalogue.routes().next().unwrap());
/// let beside = reference.beside(route, catalogue.scope_named("images.write").unwrap());
/// assert!(!beside.is_alone());
/// assert_eq!(beside.also_needs(|scope| format!("`{scope}`")).as_deref(), Some("`disks.read`"));
/// assert_eq!(beside.or_instead(|scope| format!("`{scope}`")).as_deref(), Some("`admin`"));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Beside<'c> {
    catalogue: &'c UntypedCatalogue,
    also: Vec<Vec<ScopeId>>,
    instead: Vec<Vec<ScopeId>>,
}

impl<'c> Beside<'c> {
    /// `also` is what each alternative with the scope needs besides it; `instead` are the others.
    pub(super) fn new(
        catalogue: &'c UntypedCatalogue,
        mut also: Vec<Vec<ScopeId>>,
        instead: Vec<Vec<ScopeId>>,
    ) -> Self {
        // If the scope alone is enough, nothing else is needed.
        if also.iter().any(Vec::is_empty) {
            also.clear();
        }
        Self { catalogue, also, instead }
    }

    /// Whether the scope alone opens the route.
    ///
    /// ```
    #[doc = include_str!("../docs/beside.txt")]
    /// // Each of `users.read` and `admin` opens the route.
    /// assert!(reference.beside(route, scope.id()).is_alone());
    /// ```
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.also.is_empty()
    }

    /// The scopes that the caller needs together with this one, in words: `a and b, or c`.
    ///
    /// ```
    #[doc = include_str!("../docs/beside.txt")]
    /// // Each of `users.read` and `admin` opens the route.
    /// assert_eq!(reference.beside(route, scope.id()).also_needs(|scope| scope.to_string()), None);
    /// ```
    pub fn also_needs(&self, show: impl Fn(ScopeInfo<'c>) -> String) -> Option<String> {
        self.words(&self.also, show)
    }

    /// The scopes that open the route without this one, in words.
    ///
    /// ```
    #[doc = include_str!("../docs/beside.txt")]
    /// // Each of `users.read` and `admin` opens the route.
    /// let instead = reference.beside(route, scope.id()).or_instead(|scope| scope.to_string());
    /// assert_eq!(instead.unwrap(), "admin");
    /// ```
    pub fn or_instead(&self, show: impl Fn(ScopeInfo<'c>) -> String) -> Option<String> {
        self.words(&self.instead, show)
    }

    fn words(&self, alternatives: &[Vec<ScopeId>], show: impl Fn(ScopeInfo<'c>) -> String) -> Option<String> {
        (!alternatives.is_empty())
            .then(|| in_words(self.catalogue, alternatives.iter().map(|ids| ids.iter().copied()), MOST_BESIDE, show))
    }
}

/// Joins alternatives as in a sentence: `a, or b and c`.
pub(super) fn in_words<'c, I: Iterator<Item = ScopeId>>(
    catalogue: &'c UntypedCatalogue,
    alternatives: impl ExactSizeIterator<Item = I>,
    most: usize,
    show: impl Fn(ScopeInfo<'c>) -> String,
) -> String {
    // A single one is named instead of counted.
    let most = if alternatives.len() == most + 1 { most + 1 } else { most };
    let more = alternatives.len().saturating_sub(most);
    let mut texts: Vec<String> = alternatives
        .take(most)
        .map(|ids| list(&ids.filter_map(|id| catalogue.scope(id)).map(&show).collect::<Vec<_>>()))
        .collect();
    if more > 0 {
        texts.push(format!("one of {more} more"));
    }
    texts.join(", or ")
}

/// Joins names as in a sentence.
///
/// ```
/// use scopes_export::reference::list;
/// assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
/// ```
#[must_use]
pub fn list(names: &[String]) -> String {
    match names.split_last() {
        Some((last, first @ [_, ..])) => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}
