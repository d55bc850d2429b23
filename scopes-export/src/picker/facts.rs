//! The facts that `picker.json` shows, and what a link may choose.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::{ScopeId, ScopeInfo, UntypedCatalogue};

use super::link::{Choice, Link};
use super::options::{self, Access, Options, PickerError};
use crate::reference::Reference;

/// The facts of a catalogue for a page that makes tokens.
#[derive(Debug)]
pub struct Picker<'c> {
    pub(super) reference: Reference<'c>,
    pub(super) options: Options,
    pub(super) presets: Vec<Preset>,
    /// What the issuer may give, with all that its scopes include. `None`: everything.
    pub(super) gives: Option<BTreeSet<ScopeId>>,
}

/// Scopes that are chosen together.
#[derive(Clone, Debug)]
pub(super) struct Preset {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) scopes: Vec<ScopeId>,
    pub(super) is_derived: bool,
}

impl<'c> Picker<'c> {
    /// Collects the facts.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new())?;
    /// assert!(picker.to_json().contains("/users/{id}"));
    /// assert!(Picker::new(&catalogue, &Options::new().preset("Support", ["no.scope"])).is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the options name a scope or a group that the catalogue does not have, two presets have one
    /// title, or the address of the documentation cannot be linked.
    pub fn new(catalogue: &'c UntypedCatalogue, options: &Options) -> Result<Self, PickerError> {
        let mut picker =
            Self { reference: Reference::new(catalogue), options: options.clone(), presets: Vec::new(), gives: None };
        options.check(&picker.reference)?;
        if let Some(names) = &options.issuer {
            picker.gives = Some(picker.closure(names)?);
        }
        if options.has_read_only {
            picker.presets.extend(picker.read_only());
        }
        for (title, names) in &options.presets {
            let scopes = names.iter().map(|name| picker.id(name)).collect::<Result<_, _>>()?;
            let id = options::identifier(title);
            if id.is_empty() || scopes == Vec::new() || picker.presets.iter().any(|preset| preset.id == id) {
                return Err(PickerError::Preset(title.clone()));
            }
            picker.presets.push(Preset { id, title: title.clone(), scopes, is_derived: false });
        }
        Ok(picker)
    }

    /// Whether the issuer may give the scope with this wire name. Without an issuer, whether the
    /// catalogue has it.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new().issuer(["users.read"]))?;
    /// assert!(picker.may_give("users.read") && !picker.may_give("users.write"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn may_give(&self, name: &str) -> bool {
        self.reference.catalogue().scope_named(name).is_some_and(|id| self.gives(id))
    }

    /// What a link chooses. What the catalogue or the issuer does not have is listed apart, and so
    /// is what deletes or issues tokens: a person must choose that.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::picker::{Link, Options, Picker};
    ///
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write").route("DELETE", "/users/{id}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// let picker = Picker::new(&catalogue, &Options::new())?;
    /// let link = Link::parse("scopes=users.read+users.write+users.raed")?;
    /// let choice = picker.choose(&link);
    /// assert_eq!(choice.chosen(), ["users.read"]);
    /// assert_eq!(choice.held_back(), ["users.write"]);
    /// assert_eq!(choice.unknown(), ["users.raed"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn choose(&self, link: &Link) -> Choice {
        let mut choice = Choice::default();
        let mut names: Vec<&str> = link.scopes().collect();
        if let Some(id) = link.preset_id() {
            match self.presets.iter().find(|preset| preset.id == id) {
                Some(preset) => names.extend(preset.scopes.iter().map(|&id| self.name(id))),
                None => choice.unknown.push(id.to_owned()),
            }
        }
        let mut seen = BTreeSet::new();
        for name in names.into_iter().filter(|name| seen.insert(*name)) {
            let list = match self.reference.catalogue().scope_named(name) {
                None => &mut choice.unknown,
                Some(id) if self.is_risky(id) || !self.gives(id) => &mut choice.held_back,
                Some(_) => &mut choice.chosen,
            };
            list.push(name.to_owned());
        }
        choice
    }

    pub(super) fn gives(&self, id: ScopeId) -> bool {
        self.gives.as_ref().is_none_or(|gives| gives.contains(&id))
    }

    fn is_risky(&self, id: ScopeId) -> bool {
        self.reference.scope(id).is_none_or(|facts| facts.deletes() || facts.issues_tokens())
    }

    pub(super) fn name(&self, id: ScopeId) -> &'c str {
        self.reference.catalogue().scope(id).map_or("", ScopeInfo::name)
    }

    fn id(&self, name: &str) -> Result<ScopeId, PickerError> {
        self.reference.catalogue().scope_named(name).ok_or_else(|| PickerError::Scope(name.to_owned()))
    }

    /// The scopes with all that they include.
    fn closure(&self, names: &[String]) -> Result<BTreeSet<ScopeId>, PickerError> {
        let mut all = BTreeSet::new();
        for name in names {
            let id = self.id(name)?;
            all.insert(id);
            all.extend(self.reference.catalogue().info(id).members());
        }
        Ok(all)
    }

    /// The scopes that only read, without those that another one of them includes.
    fn read_only(&self) -> Option<Preset> {
        let reads = |id: ScopeId| {
            let is_current = self.reference.catalogue().info(id).deprecation().is_none();
            is_current && !self.is_risky(id) && self.access(id).0 == Access::Read
        };
        let is_wanted =
            |facts: &&crate::reference::ScopeFacts<'c>| reads(facts.scope().id()) && !facts.included_by().any(reads);
        let scopes: Vec<ScopeId> =
            self.reference.scopes().iter().filter(is_wanted).map(|facts| facts.scope().id()).collect();
        (!scopes.is_empty()).then(|| Preset {
            id: "read-only".to_owned(),
            title: "Read only".to_owned(),
            scopes,
            is_derived: true,
        })
    }

    /// What the scope does, and whether the options declare it.
    pub(super) fn access(&self, id: ScopeId) -> (Access, bool) {
        let declared = self.options.access.get(self.name(id));
        match declared {
            Some(&access) => (access, true),
            None => (self.reference.scope(id).map_or(Access::Unknown, |facts| Access::of(facts.level())), false),
        }
    }

    pub(super) fn titles(&self) -> &BTreeMap<String, String> {
        &self.options.groups
    }
}
