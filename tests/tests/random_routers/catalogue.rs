//! Small random catalogues. Often several of their routes match one target.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use scopes::{Scope, UntypedCatalogue};
use scopes_core::ScopeId;
use scopes_core::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};

use super::Random;
use super::oracle::shape;

pub(crate) const NAMES: [&str; 4] = ["s0", "s1", "s2", "s3"];

/// One of four scopes of the catalogue under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TestScope(u16);

impl TestScope {
    pub(crate) fn numbered(number: u8) -> Self {
        Self(u16::from(number))
    }
}

impl fmt::Display for TestScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The catalogue of the current seed. Only one test runs at a time. The catalogues are leaked,
/// because there are few.
static CURRENT: RwLock<Option<&'static UntypedCatalogue>> = RwLock::new(None);

impl Scope for TestScope {
    type Words = [u64; 1];

    fn id(self) -> ScopeId {
        ScopeId::new(self.0)
    }

    fn from_id(id: ScopeId) -> Option<Self> {
        (id.index() < NAMES.len()).then_some(Self(id.index() as u16))
    }

    fn as_str(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }

    fn catalogue() -> &'static UntypedCatalogue {
        CURRENT.read().unwrap_or_else(PoisonError::into_inner).unwrap()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    Authenticated,
    External,
    /// All of these scopes.
    Scoped(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ownership {
    Bound,
    Global,
    Unbound,
}

#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) access: Access,
    pub(crate) ownership: Ownership,
}

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?} {:?}", self.method, self.path, self.access, self.ownership)
    }
}

/// Makes a random catalogue the current one, unless the compiler refuses it.
pub(crate) fn random(random: &mut Random) -> Option<Vec<Declared>> {
    let mut routes: Vec<Declared> = Vec::new();
    for _ in 0..2 + random.below(5) {
        let (path, is_bound) = random_path(random, &routes);
        let method = random.pick(&["GET", "GET", "GET", "GET", "GET", "GET", "POST", "HEAD"]);
        let access = match random.below(10) {
            0..=2 => Access::Public,
            3 => Access::Authenticated,
            4 if random.chance(40) => Access::External,
            5 => Access::Scoped(vec![0, 1 + random.below(3) as u8]),
            number => Access::Scoped(vec![(number % 4) as u8]),
        };
        let ownership = match access {
            _ if is_bound => Ownership::Bound,
            Access::Scoped(_) if random.chance(10) => Ownership::Unbound,
            _ => Ownership::Global,
        };
        let is_known = |known: &Declared| known.method == method && shape(&known.path) == shape(&path);
        if !routes.iter().any(is_known) {
            routes.push(Declared { method, path, access, ownership });
        }
    }
    let compiled = UntypedCatalogue::from_declaration(&declaration(&routes)).ok()?;
    *CURRENT.write().unwrap_or_else(PoisonError::into_inner) = Some(Box::leak(Box::new(compiled)));
    Some(routes)
}

/// Makes a path, often a sibling or a child of an existing path. Also returns whether the path
/// names the tenant.
fn random_path(random: &mut Random, routes: &[Declared]) -> (String, bool) {
    let depth = 1 + random.below(3);
    let stem: Vec<&str> = if !routes.is_empty() && random.chance(65) {
        routes[random.below(routes.len())].path.split('/').skip(1).collect()
    } else {
        Vec::new()
    };
    let changed = random.below(depth);
    let (mut path, mut is_bound) = (String::new(), false);
    for index in 0..depth {
        path.push('/');
        if index != changed
            && let Some(old) = stem.get(index).filter(|old| !old.starts_with("{*"))
        {
            is_bound |= old.contains("{t}");
            path.push_str(old);
            continue;
        }
        let is_last = index + 1 == depth;
        let segment = match random.below(20) {
            0..=7 => random.pick(&["a", "b", "me"]).to_owned(),
            13 => format!("x{{p{index}}}"),
            14 => format!("{{p{index}}}.y"),
            15 => format!("{{p{index}}}:go"),
            16 if !is_bound => "{t}".to_owned(),
            17 if !is_bound && random.chance(30) => "o-{t}".to_owned(),
            18 | 19 if is_last || random.chance(40) => "{*r}".to_owned(),
            _ => format!("{{p{index}}}"),
        };
        is_bound |= segment.contains("{t}");
        path.push_str(&segment);
        if segment == "{*r}" {
            break;
        }
    }
    (path, is_bound)
}

fn declaration(routes: &[Declared]) -> Declaration {
    let declared = |route: &Declared| {
        let mut declaration = RouteDeclaration::new(route.method, &route.path);
        let tenancy = match route.ownership {
            Ownership::Bound => None,
            _ if matches!(route.access, Access::Public | Access::External) => None,
            Ownership::Global => Some(TenancyDeclaration::Global("test".into())),
            Ownership::Unbound => Some(TenancyDeclaration::Unbound("test".into())),
        };
        declaration.tenancy = tenancy.map(|tenancy| At::new(tenancy, Place::default()));
        declaration
    };
    let mut declaration = Declaration::new("api");
    declaration.tenant = Some(At::new("t".into(), Place::default()));
    for (number, name) in NAMES.iter().enumerate() {
        let of_scope = routes.iter().filter(|route| route.access == Access::Scoped(vec![number as u8])).map(declared);
        declaration.scope(name).routes.extend(of_scope);
    }
    for route in routes {
        let kind = match &route.access {
            Access::Public => BlockKind::Public("test".into()),
            Access::Authenticated => BlockKind::Authenticated("test".into()),
            Access::External => BlockKind::External("test".into()),
            Access::Scoped(scopes) if scopes.len() > 1 => {
                BlockKind::All(scopes.iter().map(|&scope| NAMES[usize::from(scope)].into()).collect())
            }
            Access::Scoped(_) => continue,
        };
        declaration.block(kind).routes.push(declared(route));
    }
    declaration
}
