//! Requirements of routes: an OR of ANDs over scopes, in canonical form.
//!
//! [`Alternatives`] reads a compiled catalogue's table, [`Requirement`] owns its alternatives, and
//! [`Expression`] is the form that people write (`any(a, all(b, c))`). An empty list or an empty
//! term would demand nothing, so no grant satisfies it.

use alloc::vec::Vec;
use core::fmt;

use crate::catalogue::UntypedCatalogue;
use crate::scope::ScopeId;
use crate::set::holds;

mod addition;
#[cfg(test)]
mod tests;

/// The largest number of alternatives that an [`Expression`] may have in canonical form.
pub const MAX_TERMS: usize = 64;

/// The alternatives of a route. Any of them suffices. A view of the catalogue's table.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// // Either of two scopes opens the route.
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.scope("admin").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let needs = catalogue.routes().next().unwrap().requirement();
/// assert!(needs.satisfied_by(&[0b01]) && needs.satisfied_by(&[0b10]));
/// assert!(!needs.satisfied_by(&[0]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Alternatives<'c> {
    /// For each alternative its length and its scope ids. Nothing follows the last one.
    numbers: &'c [u16],
}

impl<'c> Alternatives<'c> {
    /// Reads the beginning of a pool of numbers: the number of alternatives, then for each
    /// alternative its length and its scope ids.
    ///
    /// A pool that is too short has no alternatives, so no grant satisfies it.
    #[inline]
    #[must_use]
    pub(crate) fn new(pool: &'c [u16]) -> Self {
        let Some((&count, pool)) = pool.split_first() else {
            return Self { numbers: &[] };
        };
        let mut end = 0;
        for _ in 0..count {
            match pool.get(end) {
                Some(&length) => end += 1 + usize::from(length),
                None => return Self { numbers: &[] },
            }
        }
        Self { numbers: pool.get(..end).unwrap_or(&[]) }
    }

    /// Iterates over the alternatives, in canonical order.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("admin").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement();
    /// assert!(needs.iter().all(|alternative| alternative.len() == 1));
    /// ```
    pub fn iter(self) -> impl Iterator<Item = Term<'c>> + Clone {
        let mut rest = self.numbers;
        core::iter::from_fn(move || {
            let (&length, tail) = rest.split_first()?;
            let (ids, tail) = tail.split_at_checked(usize::from(length))?;
            rest = tail;
            Some(Term(ids))
        })
    }

    /// Whether it has no alternative: then no grant satisfies it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.block(BlockKind::Public("liveness probe".into())).route("GET", "/health");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.routes().next().unwrap();
    /// // Look at `access` first: a public route lists no alternative, although it is open.
    /// assert!(route.requirement().is_empty() && !route.access().needs_grant());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.numbers.is_empty()
    }

    /// The number of alternatives. One of them suffices.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("admin").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().requirement().len(), 2);
    /// ```
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// Whether some alternative names this scope.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write").route("POST", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let reading = catalogue.scope_named("users.read").unwrap();
    /// let routes = catalogue.routes().filter(|route| route.requirement().mentions(reading));
    /// assert!(routes.map(|route| route.method()).eq(["GET"]));
    /// ```
    #[must_use]
    pub fn mentions(self, scope: ScopeId) -> bool {
        self.iter().any(|term| term.contains(scope))
    }

    /// Whether a caller who holds these scopes (the closure, as bits) satisfies an alternative.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("all.read").including("*.read");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement();
    /// let mut held = [0b10];
    /// assert!(!needs.satisfied_by(&held));
    /// catalogue.close(&mut held);
    /// assert!(needs.satisfied_by(&held));
    /// ```
    #[inline]
    #[must_use]
    pub fn satisfied_by(self, words: &[u64]) -> bool {
        // Nearly every route demands one scope.
        if let &[1, id] = self.numbers {
            return holds(words, ScopeId(id));
        }
        self.iter().any(|term| term.satisfied_by(words))
    }

    /// The alternative with the fewest scopes. If several have as few, the first of them. For
    /// messages that can name only one alternative.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("admin").route("GET", "/report");
    /// declaration.scope("users.read");
    /// declaration.scope("mail.read");
    /// let both = BlockKind::All(vec!["users.read".into(), "mail.read".into()]);
    /// declaration.block(both).route("GET", "/report");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let least = catalogue.routes().next().unwrap().requirement().least().unwrap();
    /// assert_eq!(least.ids().next(), catalogue.scope_named("admin"));
    /// ```
    #[must_use]
    pub fn least(self) -> Option<Term<'c>> {
        self.iter().filter(|term| !term.is_empty()).min_by_key(|term| term.len())
    }

    /// Copies the requirement to a value of its own.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let mut needs = catalogue.routes().map(|route| route.requirement().to_requirement());
    /// assert_eq!(needs.next(), needs.next());
    /// ```
    #[must_use]
    pub fn to_requirement(self) -> Requirement {
        let terms = self.iter().filter(|term| !term.is_empty()).map(|term| term.ids().collect()).collect();
        Requirement { terms }
    }

    /// Shows wire names in the form of `Accepted-Scopes`: a space separates the scopes of one
    /// alternative, `; ` separates alternatives.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("admin").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement();
    /// assert_eq!(needs.display(&catalogue).to_string(), "admin; users.read");
    /// ```
    pub fn display(self, catalogue: &'c UntypedCatalogue) -> impl fmt::Display + 'c {
        display(catalogue, move || self.iter().map(Term::ids))
    }
}

impl fmt::Debug for Alternatives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// One alternative. All of its scopes are needed.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read");
/// declaration.scope("mail.send");
/// let both = BlockKind::All(vec!["users.read".into(), "mail.send".into()]);
/// declaration.block(both).route("POST", "/newsletters");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let alternative = catalogue.routes().next().unwrap().requirement().least().unwrap();
/// assert_eq!(alternative.len(), 2);
/// assert!(alternative.satisfied_by(&[0b11]) && !alternative.satisfied_by(&[0b01]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term<'c>(&'c [u16]);

impl<'c> Term<'c> {
    /// Iterates over the scopes, in canonical order.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let alternative = catalogue.routes().next().unwrap().requirement().least().unwrap();
    /// let scopes = alternative.ids().filter_map(|id| catalogue.scope(id));
    /// assert!(scopes.map(|scope| scope.name()).eq(["users.read"]));
    /// ```
    pub fn ids(self) -> impl ExactSizeIterator<Item = ScopeId> + Clone + 'c {
        self.0.iter().map(|&id| ScopeId(id))
    }

    /// The number of scopes. All of them are needed.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether it has no scope: then no grant satisfies it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether the alternative names this scope.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let alternative = catalogue.routes().next().unwrap().requirement().least().unwrap();
    /// assert!(alternative.contains(catalogue.scope_named("users.read").unwrap()));
    /// assert!(!alternative.contains(catalogue.scope_named("users.write").unwrap()));
    /// ```
    #[must_use]
    pub fn contains(self, scope: ScopeId) -> bool {
        self.0.contains(&scope.0)
    }

    /// Whether all of its scopes are among these bits.
    #[inline]
    #[must_use]
    pub fn satisfied_by(self, words: &[u64]) -> bool {
        !self.0.is_empty() && self.0.iter().all(|&id| holds(words, ScopeId(id)))
    }
}

impl fmt::Debug for Term<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0).finish()
    }
}

/// An owned requirement in canonical form: equal requirements of one catalogue are equal values.
///
/// ```
/// # use scopes_core::{Requirement, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read");
/// declaration.scope("mail.send");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let id = |name| catalogue.scope_named(name).unwrap();
/// let [users, mail] = ["users.read", "mail.send"].map(id);
/// let both = Requirement::from_alternatives(vec![vec![users, mail]], &catalogue);
/// assert!(both.satisfied_by(&[0b11]) && !both.satisfied_by(&[0b01]));
/// assert_eq!(both.display(&catalogue).to_string(), "mail.send users.read");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    terms: Vec<Vec<ScopeId>>,
}

impl Requirement {
    /// Makes a requirement in canonical form, ordered by dotted name. An alternative without a
    /// scope is dropped, because it would let every caller in.
    ///
    /// ```
    /// # use scopes_core::{Requirement, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read");
    /// declaration.scope("admin");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let id = |name| catalogue.scope_named(name).unwrap();
    /// let [read, admin] = ["users.read", "admin"].map(id);
    /// // `admin` alone suffices, so `admin` with another scope adds nothing.
    /// let of = |alternatives| Requirement::from_alternatives(alternatives, &catalogue);
    /// assert_eq!(of(vec![vec![read, admin], vec![admin]]), of(vec![vec![admin]]));
    /// ```
    #[must_use]
    pub fn from_alternatives(alternatives: Vec<Vec<ScopeId>>, catalogue: &UntypedCatalogue) -> Self {
        let key = |id: ScopeId| (catalogue.scope(id).map_or("", |scope| scope.dotted()), id);
        let keyed = alternatives.into_iter().map(|term| term.into_iter().map(key).collect()).collect();
        let terms = canonical(keyed).into_iter().map(|term| term.into_iter().map(|(_, id)| id).collect()).collect();
        Self { terms }
    }

    /// Iterates over the alternatives. Any of them suffices; all scopes of an alternative are
    /// needed.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("admin").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement().to_requirement();
    /// assert_eq!(needs.alternatives().len(), 2);
    /// ```
    pub fn alternatives(&self) -> impl ExactSizeIterator<Item = &[ScopeId]> + Clone {
        self.terms.iter().map(Vec::as_slice)
    }

    /// Whether a caller who holds these scopes (the closure, as bits) satisfies it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement().to_requirement();
    /// assert!(needs.satisfied_by(&[0b1]) && !needs.satisfied_by(&[0]));
    /// ```
    #[must_use]
    pub fn satisfied_by(&self, words: &[u64]) -> bool {
        self.terms.iter().any(|term| !term.is_empty() && term.iter().all(|&id| holds(words, id)))
    }

    /// Whether this requirement is at least as strict as `other`: every caller who satisfies it
    /// satisfies `other` too, whatever the scopes include.
    ///
    /// ```
    /// # use scopes_core::{Requirement, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read");
    /// declaration.scope("mail.send");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let id = |name| catalogue.scope_named(name).unwrap();
    /// let [users, mail] = ["users.read", "mail.send"].map(id);
    /// let one = Requirement::from_alternatives(vec![vec![users]], &catalogue);
    /// let both = Requirement::from_alternatives(vec![vec![users, mail]], &catalogue);
    /// assert!(both.implies(&one) && !one.implies(&both));
    /// ```
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        self.terms.iter().all(|mine| other.terms.iter().any(|theirs| theirs.iter().all(|id| mine.contains(id))))
    }

    /// Whether both are satisfied by the same callers.
    ///
    /// ```
    /// # use scopes_core::{Requirement, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read");
    /// declaration.scope("admin");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let id = |name| catalogue.scope_named(name).unwrap();
    /// let [users, admin] = ["users.read", "admin"].map(id);
    /// let either = Requirement::from_alternatives(vec![vec![users], vec![admin]], &catalogue);
    /// let same = Requirement::from_alternatives(vec![vec![admin], vec![users]], &catalogue);
    /// assert!(either.equivalent(&same));
    /// ```
    #[must_use]
    pub fn equivalent(&self, other: &Self) -> bool {
        self.implies(other) && other.implies(self)
    }

    /// The alternative with the fewest scopes. If several have as few, the first of them. For the
    /// `scope` of a challenge, which can name only one (RFC 6750, section 3).
    #[must_use]
    pub fn least(&self) -> Option<&[ScopeId]> {
        self.terms.iter().min_by_key(|term| term.len()).map(Vec::as_slice)
    }

    /// Shows the requirement with the names of its scopes, like [`Alternatives::display`].
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("admin").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement().to_requirement();
    /// assert_eq!(needs.display(&catalogue).to_string(), "admin; users.read");
    /// ```
    pub fn display<'a>(&'a self, catalogue: &'a UntypedCatalogue) -> impl fmt::Display + 'a {
        display(catalogue, move || self.terms.iter().map(|term| term.iter().copied()))
    }
}

fn display<'a, T, I>(catalogue: &'a UntypedCatalogue, terms: impl Fn() -> T + 'a) -> impl fmt::Display + 'a
where
    T: Iterator<Item = I> + 'a,
    I: Iterator<Item = ScopeId> + 'a,
{
    struct Text<'a, F>(&'a UntypedCatalogue, F);

    impl<T: Iterator<Item = I>, I: Iterator<Item = ScopeId>, F: Fn() -> T> fmt::Display for Text<'_, F> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (index, term) in (self.1)().enumerate() {
                if index > 0 {
                    f.write_str("; ")?;
                }
                for (index, id) in term.enumerate() {
                    if index > 0 {
                        f.write_str(" ")?;
                    }
                    f.write_str(self.0.scope(id).map_or("?", |scope| scope.name()))?;
                }
            }
            Ok(())
        }
    }

    Text(catalogue, terms)
}

/// The canonical form of an OR of ANDs: each term is sorted, terms that another makes superfluous
/// are left out, and the terms are sorted.
///
/// A term without a member is left out as well, because it would let every caller in.
///
/// ```
/// use scopes_core::canonical;
///
/// assert_eq!(canonical(vec![vec!["c", "b", "b"], vec!["a"], vec!["b", "a"]]), [vec!["a"], vec!["b", "c"]]);
/// ```
#[must_use]
pub fn canonical<T: Ord + Clone>(mut alternatives: Vec<Vec<T>>) -> Vec<Vec<T>> {
    alternatives.retain(|term| !term.is_empty());
    for term in &mut alternatives {
        term.sort_unstable();
        term.dedup();
    }
    // Shorter terms first: a term can only be absorbed by one that is not longer.
    alternatives.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    alternatives.dedup();
    let mut kept: Vec<Vec<T>> = Vec::with_capacity(alternatives.len());
    for term in alternatives {
        let absorbed = kept.iter().take_while(|other| other.len() < term.len()).any(|other| is_subset(other, &term));
        if !absorbed {
            kept.push(term);
        }
    }
    kept.sort_unstable();
    kept
}

/// Whether all of `part`, sorted, is in `whole`, sorted.
fn is_subset<T: Ord>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|wanted| rest.by_ref().find(|found| *found >= wanted) == Some(wanted))
}

/// A requirement as people write it, with any nesting: `any(a, all(b, c))`.
///
/// ```
/// use scopes_core::Expression::{All, Any, One};
///
/// let written = All(vec![One("a"), Any(vec![One("c"), One("b")])]);
/// assert_eq!(written.to_dnf().unwrap(), [["a", "b"], ["a", "c"]]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression<T> {
    /// The caller needs exactly this scope.
    One(T),
    /// The caller needs one of these.
    Any(Vec<Self>),
    /// The caller needs all of these.
    All(Vec<Self>),
}

/// The error of an expression that has no canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpressionError {
    /// The canonical form has more than [`MAX_TERMS`] alternatives.
    TooManyTerms,
    /// `any()` without a member, which no grant satisfies.
    EmptyAny,
    /// `all()` without a member, which every grant would satisfy.
    EmptyAll,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyTerms => write!(f, "the requirement comes to more than {MAX_TERMS} alternatives"),
            Self::EmptyAny => f.write_str("`any()` names no scope"),
            Self::EmptyAll => f.write_str("`all()` names no scope"),
        }
    }
}

impl core::error::Error for ExpressionError {}

impl<T: Ord + Clone> Expression<T> {
    /// The canonical OR of ANDs with the same meaning.
    ///
    /// # Errors
    /// For an empty `any` or `all`, or for more than [`MAX_TERMS`] alternatives at any step, not
    /// counting absorbed ones.
    pub fn to_dnf(self) -> Result<Vec<Vec<T>>, ExpressionError> {
        let members = match self {
            Self::One(scope) => return Ok(Vec::from([Vec::from([scope])])),
            Self::Any(members) => {
                let mut any = Vec::new();
                if members.is_empty() {
                    return Err(ExpressionError::EmptyAny);
                }
                for member in members {
                    any.append(&mut member.to_dnf()?);
                    any = limited(any)?;
                }
                return Ok(any);
            }
            Self::All(members) => members,
        };
        let mut members = members.into_iter();
        let mut all = members.next().ok_or(ExpressionError::EmptyAll)?.to_dnf()?;
        for member in members {
            let member = member.to_dnf()?;
            let both = all.iter().flat_map(|mine| member.iter().map(|theirs| [mine.as_slice(), theirs].concat()));
            all = limited(both.collect())?;
        }
        Ok(all)
    }
}

fn limited<T: Ord + Clone>(terms: Vec<Vec<T>>) -> Result<Vec<Vec<T>>, ExpressionError> {
    let terms = canonical(terms);
    if terms.len() > MAX_TERMS { Err(ExpressionError::TooManyTerms) } else { Ok(terms) }
}
