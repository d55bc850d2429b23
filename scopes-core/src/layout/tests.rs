//! Packed records are unpacked without a change, also at the bounds of every field.

use super::*;
use proptest::prelude::*;

fn unpacked_scope(record: ScopeRecord<'_>) -> ScopeFields {
    ScopeFields {
        name: record.name(),
        dotted: record.dotted(),
        description: record.description(),
        deprecated: record.deprecated(),
        includes: record.includes(),
        first_member: record.first_member() as u32,
        member_count: record.member_count() as u32,
        is_global_only: record.is_global_only(),
    }
}

fn unpacked_route(record: RouteRecord<'_>) -> RouteFields {
    let is_scoped = record.access() == AccessKind::Scoped;
    RouteFields {
        path: record.path(),
        name: record.name(),
        description: record.description(),
        deprecated: record.deprecated(),
        method: record.method() as u8,
        access: record.access(),
        access_reason: if is_scoped { 0 } else { record.access_reason() },
        only_scope: record.only_scope().filter(|_| is_scoped),
        tenancy: record.tenancy(),
        tenancy_reason: record.tenancy_reason(),
        has_trailing_slash: record.has_trailing_slash(),
        has_rest: record.has_rest(),
        requirement: record.requirement(),
        first_parameter: record.first_parameter() as u32,
        parameter_count: record.parameter_count() as u8,
        tenant_parameter: record.tenant_parameter(),
        segments: record.segments() as u8,
        tenant_slot: record.tenant_slot(),
    }
}

fn unpacked_affix(record: AffixRecord<'_>) -> AffixFields {
    AffixFields {
        prefix: record.prefix(),
        suffix: record.suffix(),
        next: record.next(),
        shortest: record.shortest() as u16,
        is_rest: record.is_rest(),
        is_last: record.is_last(),
    }
}

/// Any number in the range, and often one of its bounds.
fn number<T: Arbitrary + Copy + core::fmt::Debug + 'static>(least: T, most: T) -> impl Strategy<Value = T> {
    prop_oneof![1 => Just(least), 1 => Just(most), 2 => any::<T>()]
}

prop_compose! {
    fn scope()(
        texts in prop::array::uniform5(number(0, u64::MAX)),
        first_member in number(0, u32::MAX),
        member_count in 0_u32..1 << 31,
        is_global_only in any::<bool>(),
    ) -> ScopeFields {
        let [name, dotted, description, deprecated, includes] = texts;
        ScopeFields { name, dotted, description, deprecated, includes, first_member, member_count, is_global_only }
    }
}

prop_compose! {
    fn route()(
        texts in prop::array::uniform6(number(0, u64::MAX)),
        access in prop::sample::select(&[AccessKind::Scoped, AccessKind::Public, AccessKind::Authenticated, AccessKind::External][..]),
        tenancy in prop::sample::select(&[TenancyKind::NotApplicable, TenancyKind::Bound, TenancyKind::Global, TenancyKind::Unbound][..]),
        only_scope in prop::option::of(0_u16..u16::MAX - 1),
        flags in any::<[bool; 2]>(),
        (requirement, first_parameter) in (number(0, u32::MAX), number(0, u32::MAX)),
        bytes in prop::array::uniform4(number(0, u8::MAX)),
        tenant_parameter in prop::option::of(0_u8..255),
    ) -> RouteFields {
        let [path, name, description, deprecated, access_reason, tenancy_reason] = texts;
        let is_scoped = access == AccessKind::Scoped;
        let [method, parameter_count, segments, tenant_slot] = bytes;
        RouteFields {
            path, name, description, deprecated, method, access, tenancy, tenancy_reason, requirement, first_parameter,
            parameter_count, tenant_parameter, segments, tenant_slot,
            access_reason: if is_scoped { 0 } else { access_reason },
            only_scope: only_scope.filter(|_| is_scoped),
            has_trailing_slash: flags[0],
            has_rest: flags[1],
        }
    }
}

/// A number of days that a record can hold.
fn days() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(prop_oneof![Just(0), Just((1 << 22) - 1), 0_u32..1 << 22])
}

proptest! {
    #[test]
    fn schedules(
        since in days(), sunset in days(), successor in prop::option::of(0_u16..u16::MAX - 1),
        (scope, route) in any::<(u16, u16)>(),
    ) {
        let schedule = ScheduleFields { since, sunset, successor };
        let (scope, route) = (Deprecated::Scope(scope), Deprecated::Route(route));
        let table = [schedule_entry(scope, schedule), schedule_entry(route, ScheduleFields { since: None, ..schedule })];
        prop_assert_eq!(schedule_of(&table, scope), schedule);
        prop_assert_eq!(schedule_of(&table, route), ScheduleFields { since: None, ..schedule });
        prop_assert_eq!(schedule_of(&table[1..], scope), ScheduleFields::default());
    }

    #[test]
    fn texts_about_scopes(scope: u16, text: u64) {
        prop_assert_eq!(scope_and_text(text_entry(scope, text)), (scope, text));
    }

    #[test]
    fn scopes(fields in scope()) {
        prop_assert_eq!(unpacked_scope(ScopeRecord(&fields.pack())), fields);
    }

    #[test]
    fn routes(fields in route()) {
        let packed = fields.pack();
        let record = RouteRecord(&packed);
        prop_assert_eq!(unpacked_route(record), fields);
        prop_assert_eq!(record.is_bound(), fields.tenancy == TenancyKind::Bound);
    }

    #[test]
    fn parameters(
        name: u64,
        segment in number(0, u8::MAX),
        prefix in number(0, u16::MAX),
        suffix in number(0, u16::MAX),
        is_rest: bool,
        is_raw: bool,
    ) {
        let fields = ParameterFields { name, segment, prefix, suffix, is_rest, is_raw };
        prop_assert_eq!(ParameterFields::unpack(&fields.pack()), fields);
    }

    #[test]
    fn affixes(
        prefix: u64,
        suffix: u64,
        next in number(0, u32::MAX),
        shortest in number(0, u16::MAX),
        is_rest: bool,
        is_last: bool,
    ) {
        let fields = AffixFields { prefix, suffix, next, shortest, is_rest, is_last };
        prop_assert_eq!(unpacked_affix(AffixRecord(&fields.pack())), fields);
    }

    #[test]
    fn small_ones(low: u32, high: u32, hash in 0_u64..1 << 48, route: u16) {
        prop_assert_eq!(halves(pair(low, high)), (low, high));
        let text = text(high as usize, low as usize);
        prop_assert_eq!((start_of(text), length_of(text)), (high as usize, low as usize));
        prop_assert_eq!(hash_and_route(shape_entry(hash, route)), (hash, route));
    }

    #[test]
    fn columns(slot in 0_u32..8, other in 0_u32..8, column in 0_u8..255) {
        let (slot, other) = (8 * slot, 8 * other);
        let columns = StandardColumns::NONE.with(other, 7).with(slot, column);
        prop_assert_eq!(columns.get(slot), column);
        prop_assert_eq!(columns.get(other), if other == slot { column } else { 7 });
        let others = (0..8).filter(|&slot| columns.get(8 * slot) != NO_COLUMN).count();
        prop_assert_eq!(others, if other == slot { 1 } else { 2 });
    }

    /// In a record of any numbers, an unknown kind of access demands a scope, and an unknown
    /// tenancy demands a tenant.
    #[test]
    fn unknown_kinds_are_strict(kind in 4_u64..256) {
        let record = [0, 0, 0, 0, 0, 0, kind << 8 | kind << 16, 0];
        prop_assert_eq!(RouteRecord(&record).access(), AccessKind::Scoped);
        prop_assert!(RouteRecord(&record).is_bound() && RouteRecord(&record).tenancy() == TenancyKind::Bound);
    }
}

#[test]
fn a_route_that_is_not_there_demands_what_no_caller_has() {
    let packed = RouteFields::NONE.pack();
    assert_eq!(unpacked_route(RouteRecord(&packed)), RouteFields::NONE);
    assert_eq!(unpacked_scope(ScopeRecord(&ScopeFields::NONE.pack())), ScopeFields::NONE);
}

#[test]
fn a_text_outside_of_the_pool_is_empty() {
    assert_eq!(bytes_of(b"abc", text(1, 2)), b"bc");
    for outside in [text(1, 3), text(4, 1), text(9, 0), NO_TEXT, 0] {
        assert_eq!(bytes_of(b"abc", outside), b"");
    }
}
