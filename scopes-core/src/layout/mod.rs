//! The layout of a catalogue's records: packs them into numbers and unpacks them again.
//!
//! The compiler packs; the views and the matcher unpack. Both directions of each record are here,
//! side by side, so that no other file knows the position of a bit. This file imports nothing from
//! the crate.

/// A slice of the text pool: the start in the upper 32 bits, the length in the lower 32 bits.
pub(crate) type Text = u64;

/// The text of an optional field that is absent. It differs from an empty text.
pub(crate) const NO_TEXT: Text = u64::MAX;

/// The greatest number of segments of a template, which also limits the depth of every walk over
/// templates.
pub const MAX_SEGMENTS: usize = 32;

/// The text with this start and this length in bytes.
pub(crate) const fn text(start: usize, length: usize) -> Text {
    (start as u64) << 32 | length as u64
}

/// The position in the pool where a text starts.
#[inline(always)]
pub(crate) const fn start_of(text: Text) -> usize {
    (text >> 32) as usize
}

/// The length of a text in bytes.
#[inline(always)]
pub(crate) const fn length_of(text: Text) -> usize {
    text as u32 as usize
}

/// The bytes of a text, or an empty slice for a text that the pool does not have.
#[inline(always)]
pub(crate) fn bytes_of(pool: &[u8], text: Text) -> &[u8] {
    let (start, length) = (start_of(text), length_of(text));
    if length == 0 {
        return &[];
    }
    pool.get(start..start.saturating_add(length)).unwrap_or(&[])
}

/// Packs two numbers into one. The first is in the lower half.
pub(crate) const fn pair(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

/// The two numbers of a [`pair`].
pub(crate) const fn halves(pair: u64) -> (u32, u32) {
    (pair as u32, (pair >> 32) as u32)
}

/// The column of a standard method that no route has.
pub(crate) const NO_COLUMN: u8 = u8::MAX;

/// The columns of the eight standard methods: for each a byte at the method's shift, or
/// [`NO_COLUMN`].
#[derive(Clone, Copy)]
pub(crate) struct StandardColumns(pub(crate) u64);

impl StandardColumns {
    pub(crate) const NONE: Self = Self(u64::MAX);

    pub(crate) const fn with(self, shift: u32, column: u8) -> Self {
        Self(self.0 & !(0xff << shift) | (column as u64) << shift)
    }

    // Takes a shift and returns a byte, because a slot or an `Option` would each cost four
    // instructions for each look-up.
    #[inline(always)]
    pub(crate) const fn get(self, shift: u32) -> u8 {
        (self.0 >> shift) as u8
    }
}

/// The entry of a route in the table of shapes: 48 bits of the hash of its method and shape, then
/// the route's id. Entries are sorted by their hash.
pub(crate) const fn shape_entry(hash: u64, route: u16) -> u64 {
    hash << 16 | route as u64
}

/// The hash and the route of a [`shape_entry`].
pub(crate) const fn hash_and_route(entry: u64) -> (u64, u16) {
    (entry >> 16, entry as u16)
}

/// The fields of a scope's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScopeFields {
    pub(crate) name: Text,
    pub(crate) dotted: Text,
    pub(crate) description: Text,
    pub(crate) deprecated: Text,
    /// The patterns after `includes`, joined by a space.
    pub(crate) includes: Text,
    /// The position of the first included scope among the catalogue's numbers.
    pub(crate) first_member: u32,
    pub(crate) member_count: u32,
    /// Whether the scope and each scope that it includes open `global` routes only.
    pub(crate) is_global_only: bool,
}

/// One scope, packed.
#[derive(Clone, Copy)]
pub(crate) struct ScopeRecord<'c>(pub(crate) &'c [u64; 6]);

const GLOBAL_ONLY: u64 = 1 << 31;

impl ScopeFields {
    /// The record for an id that the catalogue does not have.
    pub(crate) const NONE: Self = Self {
        name: 0,
        dotted: 0,
        description: 0,
        deprecated: NO_TEXT,
        includes: NO_TEXT,
        first_member: 0,
        member_count: 0,
        is_global_only: false,
    };

    pub(crate) const fn pack(&self) -> [u64; 6] {
        let global = if self.is_global_only { GLOBAL_ONLY } else { 0 };
        let members = pair(self.member_count, self.first_member) | global;
        [self.name, self.dotted, self.description, self.deprecated, self.includes, members]
    }
}

impl ScopeRecord<'_> {
    #[inline(always)]
    pub(crate) const fn name(self) -> Text {
        self.0[0]
    }
    pub(crate) const fn dotted(self) -> Text {
        self.0[1]
    }
    pub(crate) const fn description(self) -> Text {
        self.0[2]
    }
    pub(crate) const fn deprecated(self) -> Text {
        self.0[3]
    }
    pub(crate) const fn includes(self) -> Text {
        self.0[4]
    }
    #[inline(always)]
    pub(crate) const fn first_member(self) -> usize {
        (self.0[5] >> 32) as usize
    }
    #[inline(always)]
    pub(crate) const fn member_count(self) -> usize {
        (self.0[5] & (GLOBAL_ONLY - 1)) as usize
    }
    pub(crate) const fn is_global_only(self) -> bool {
        self.0[5] & GLOBAL_ONLY != 0
    }
}

/// The dates and the successor of a deprecation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct ScheduleFields {
    /// Days since 1970-01-01. This field and the next one are below 2^22: the last
    /// [`Date`](crate::Date) is day 2,932,896.
    pub(crate) since: Option<u32>,
    pub(crate) sunset: Option<u32>,
    /// The scope to use instead.
    pub(crate) successor: Option<u16>,
}

impl ScheduleFields {
    const DAY_BITS: u32 = 23;

    const fn pack(self) -> u64 {
        const fn plus_one(days: Option<u32>) -> u64 {
            match days {
                Some(days) => days as u64 + 1,
                None => 0,
            }
        }
        let successor = match self.successor {
            Some(scope) => scope as u64 + 1,
            None => 0,
        };
        plus_one(self.since) | plus_one(self.sunset) << Self::DAY_BITS | successor << (2 * Self::DAY_BITS)
    }

    const fn unpack(packed: u64) -> Self {
        const MASK: u64 = (1 << ScheduleFields::DAY_BITS) - 1;
        Self {
            since: (packed as u32 & MASK as u32).checked_sub(1),
            sunset: ((packed >> Self::DAY_BITS & MASK) as u32).checked_sub(1),
            successor: ((packed >> (2 * Self::DAY_BITS)) as u16).checked_sub(1),
        }
    }
}

/// The scope or the route that an entry of the table of deprecations is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deprecated {
    Scope(u16),
    Route(u16),
}

impl Deprecated {
    /// The key by which the table is sorted: scopes first.
    const fn key(self) -> u64 {
        match self {
            Self::Scope(id) => id as u64,
            Self::Route(id) => id as u64 | 1 << 16,
        }
    }
}

/// The entry of a scope or route in the table of deprecations, which is sorted.
pub(crate) const fn schedule_entry(of: Deprecated, schedule: ScheduleFields) -> [u64; 2] {
    [of.key(), schedule.pack()]
}

/// The dates of a scope or route in the table of deprecations.
pub(crate) fn schedule_of(table: &[[u64; 2]], of: Deprecated) -> ScheduleFields {
    let at = table.binary_search_by_key(&of.key(), |[key, _]| *key);
    at.ok()
        .and_then(|at| table.get(at))
        .map_or_else(ScheduleFields::default, |[_, packed]| ScheduleFields::unpack(*packed))
}

/// A text about a scope, for what few scopes have: an old name, a title.
pub(crate) const fn text_entry(scope: u16, text: Text) -> [u64; 2] {
    [scope as u64, text]
}

/// The scope and the text of a [`text_entry`].
pub(crate) const fn scope_and_text([scope, text]: [u64; 2]) -> (u16, Text) {
    (scope as u16, text)
}

/// [`Access`](crate::Access) without the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessKind {
    Scoped = 0,
    Public = 1,
    Authenticated = 2,
    External = 3,
}

/// [`Tenancy`](crate::Tenancy) without the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TenancyKind {
    NotApplicable = 0,
    Bound = 1,
    Global = 2,
    Unbound = 3,
}

/// The fields of a route's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteFields {
    pub(crate) path: Text,
    pub(crate) name: Text,
    pub(crate) description: Text,
    pub(crate) deprecated: Text,
    /// The column of its method.
    pub(crate) method: u8,
    pub(crate) access: AccessKind,
    /// The reason why the route is not scoped.
    pub(crate) access_reason: Text,
    /// The scope of a scoped route, if the requirement is this scope alone.
    pub(crate) only_scope: Option<u16>,
    pub(crate) tenancy: TenancyKind,
    pub(crate) tenancy_reason: Text,
    pub(crate) has_trailing_slash: bool,
    /// Whether it ends in `{*rest}`.
    pub(crate) has_rest: bool,
    /// The position of its requirement among the catalogue's numbers.
    pub(crate) requirement: u32,
    pub(crate) first_parameter: u32,
    pub(crate) parameter_count: u8,
    /// The index of the parameter that names the tenant, below 255.
    pub(crate) tenant_parameter: Option<u8>,
    pub(crate) segments: u8,
    /// The slot in which a walk keeps the tenant's segment: `matcher::SegmentSlot`.
    pub(crate) tenant_slot: u8,
}

/// One route, packed.
#[derive(Clone, Copy)]
pub(crate) struct RouteRecord<'c>(pub(crate) &'c [u64; 8]);

const TRAILING_SLASH: u64 = 1 << 24;
const REST: u64 = 1 << 25;
const ANNOUNCED: u64 = 1 << 26;

impl RouteFields {
    /// The record for an id that the catalogue does not have. No caller satisfies its requirement
    /// or has its tenant.
    pub(crate) const NONE: Self = Self {
        path: 0,
        name: 0,
        description: 0,
        deprecated: NO_TEXT,
        method: u8::MAX,
        access: AccessKind::Scoped,
        access_reason: 0,
        only_scope: None,
        tenancy: TenancyKind::Bound,
        tenancy_reason: 0,
        has_trailing_slash: false,
        has_rest: false,
        requirement: u32::MAX,
        first_parameter: 0,
        parameter_count: 0,
        tenant_parameter: None,
        segments: 0,
        tenant_slot: u8::MAX,
    };

    pub(crate) const fn pack(&self) -> [u64; 8] {
        let reason_or_scope = match self.only_scope {
            Some(scope) => scope as u64 + 1,
            None => self.access_reason,
        };
        let tenant_parameter = match self.tenant_parameter {
            Some(index) => index,
            None => u8::MAX,
        };
        [
            self.path,
            self.name,
            self.description,
            self.deprecated,
            reason_or_scope,
            self.tenancy_reason,
            self.method as u64
                | (self.access as u64) << 8
                | (self.tenancy as u64) << 16
                | if self.has_trailing_slash { TRAILING_SLASH } else { 0 }
                | if self.has_rest { REST } else { 0 }
                | (self.requirement as u64) << 32,
            self.first_parameter as u64
                | (self.parameter_count as u64) << 32
                | (tenant_parameter as u64) << 40
                | (self.segments as u64) << 48
                | (self.tenant_slot as u64) << 56,
        ]
    }
}

/// Marks a route whose answers tell clients of a deprecation. The compiler knows it only after it
/// has made the records of all scopes.
pub(crate) const fn announce(record: &mut [u64; 8]) {
    record[6] |= ANNOUNCED;
}

impl RouteRecord<'_> {
    pub(crate) const fn path(self) -> Text {
        self.0[0]
    }
    pub(crate) const fn name(self) -> Text {
        self.0[1]
    }
    pub(crate) const fn description(self) -> Text {
        self.0[2]
    }
    pub(crate) const fn deprecated(self) -> Text {
        self.0[3]
    }
    pub(crate) const fn method(self) -> usize {
        (self.0[6] & 0xff) as usize
    }
    #[inline(always)]
    pub(crate) const fn access(self) -> AccessKind {
        match (self.0[6] >> 8) as u8 {
            1 => AccessKind::Public,
            2 => AccessKind::Authenticated,
            3 => AccessKind::External,
            // Every other number demands a scope.
            _ => AccessKind::Scoped,
        }
    }
    /// The reason of a route that is not scoped.
    pub(crate) const fn access_reason(self) -> Text {
        self.0[4]
    }
    /// The scope of a scoped route, if it is the only one.
    #[inline(always)]
    pub(crate) const fn only_scope(self) -> Option<u16> {
        (self.0[4] as u16).checked_sub(1)
    }
    pub(crate) const fn tenancy(self) -> TenancyKind {
        match (self.0[6] >> 16) as u8 {
            0 => TenancyKind::NotApplicable,
            2 => TenancyKind::Global,
            3 => TenancyKind::Unbound,
            // Every other number demands the tenant.
            _ => TenancyKind::Bound,
        }
    }
    /// Whether the path must name a tenant of the caller.
    #[inline(always)]
    pub(crate) const fn is_bound(self) -> bool {
        !matches!((self.0[6] >> 16) as u8, 0 | 2 | 3)
    }
    pub(crate) const fn tenancy_reason(self) -> Text {
        self.0[5]
    }
    pub(crate) const fn has_trailing_slash(self) -> bool {
        self.0[6] & TRAILING_SLASH != 0
    }
    #[inline]
    pub(crate) const fn has_rest(self) -> bool {
        self.0[6] & REST != 0
    }
    /// Whether answers tell clients of a deprecation.
    #[inline]
    pub(crate) const fn is_announced(self) -> bool {
        self.0[6] & ANNOUNCED != 0
    }
    pub(crate) const fn requirement(self) -> u32 {
        (self.0[6] >> 32) as u32
    }
    #[inline(always)]
    pub(crate) const fn first_parameter(self) -> usize {
        self.0[7] as u32 as usize
    }
    pub(crate) const fn parameter_count(self) -> usize {
        (self.0[7] >> 32 & 0xff) as usize
    }
    #[inline(always)]
    pub(crate) const fn tenant_parameter(self) -> Option<u8> {
        match (self.0[7] >> 40) as u8 {
            u8::MAX => None,
            index => Some(index),
        }
    }
    pub(crate) const fn segments(self) -> usize {
        (self.0[7] >> 48 & 0xff) as usize
    }
    #[inline(always)]
    pub(crate) const fn tenant_slot(self) -> u8 {
        (self.0[7] >> 56) as u8
    }
}

/// The fields of a parameter's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParameterFields {
    pub(crate) name: Text,
    /// The index of its segment, counted from 0, without the base.
    pub(crate) segment: u8,
    /// The length of the literal text before it in its segment.
    pub(crate) prefix: u16,
    /// The length of the literal text after it in its segment.
    pub(crate) suffix: u16,
    pub(crate) is_rest: bool,
    pub(crate) is_raw: bool,
}

impl ParameterFields {
    pub(crate) const fn pack(&self) -> [u64; 2] {
        let flags = self.is_rest as u64 | (self.is_raw as u64) << 1;
        [self.name, self.segment as u64 | flags << 8 | (self.prefix as u64) << 16 | (self.suffix as u64) << 32]
    }

    #[inline(always)]
    pub(crate) const fn unpack(&[name, at]: &[u64; 2]) -> Self {
        Self {
            name,
            segment: at as u8,
            prefix: (at >> 16) as u16,
            suffix: (at >> 32) as u16,
            is_rest: at >> 8 & 1 != 0,
            is_raw: at >> 9 & 1 != 0,
        }
    }
}

/// Literal text around a parameter, in the list of a node of the automaton. An entry without text
/// is for all other segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AffixFields {
    pub(crate) prefix: Text,
    pub(crate) suffix: Text,
    /// The node that the segment leads to; for a `{*rest}` the row of its routes.
    pub(crate) next: u32,
    /// The length of the shortest segment that fits.
    pub(crate) shortest: u16,
    pub(crate) is_rest: bool,
    /// Whether it is the last one of its node.
    pub(crate) is_last: bool,
}

/// An affix, packed.
#[derive(Clone, Copy)]
pub(crate) struct AffixRecord<'t>(pub(crate) &'t [u64; 3]);

impl AffixFields {
    pub(crate) const fn pack(&self) -> [u64; 3] {
        let flags = (self.is_last as u64) << 48 | (self.is_rest as u64) << 49;
        [self.prefix, self.suffix, pair(self.next, self.shortest as u32) | flags]
    }
}

impl AffixRecord<'_> {
    pub(crate) const fn prefix(self) -> Text {
        self.0[0]
    }
    pub(crate) const fn suffix(self) -> Text {
        self.0[1]
    }
    pub(crate) const fn next(self) -> u32 {
        self.0[2] as u32
    }
    pub(crate) const fn shortest(self) -> usize {
        (self.0[2] >> 32 & 0xffff) as usize
    }
    pub(crate) const fn is_last(self) -> bool {
        self.0[2] >> 48 & 1 == 1
    }
    pub(crate) const fn is_rest(self) -> bool {
        self.0[2] >> 49 & 1 == 1
    }
}

#[cfg(test)]
mod tests;
