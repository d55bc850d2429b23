//! One suite for both databases: each case runs on SQLite and, if it is installed, on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod cases;
mod database;
mod postgres;

use database::Database;
use scopes_store::{Made, NewToken, Store};

scopes::scopes! {
    pub(crate) mod api;
    tenant account;
    #[was("people.read")]
    users.read { GET "/accounts/{account}/users"; }
    users.write { POST "/accounts/{account}/users"; }
    tokens.write { POST "/accounts/{account}/tokens"; }
    all.read includes *.read;
}

/// The grant of a person who is signed in, in two tenants.
fn session(subject: &str) -> api::Grant {
    api::Grant::new(api::Scopes::all()).for_tenants(["E1", "E2"]).unwrap().with_subject(subject)
}

fn named(name: &str) -> NewToken<api::Scope> {
    NewToken::named(name).scopes(api::Scope::UsersRead).tenant("E1").unwrap()
}

/// Verifies a token like a request does.
async fn grant_of(store: &Store<api::Scope>, made: &Made<api::Scope>) -> Option<api::Grant> {
    use scopes::Verifier as _;
    store.verify(made.secret().reveal()).await.unwrap()
}

macro_rules! suite {
    ($($module:ident { $($case:ident)* })*) => {
        mod sqlite {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let database = crate::Database::sqlite().await;
                    crate::cases::$module::$case(database.clone()).await;
                    database.end().await;
                })*
            })*
        }
        mod postgresql {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(database) = crate::Database::postgres().await else { return };
                    crate::cases::$module::$case(database.clone()).await;
                    database.end().await;
                })*
            })*
        }
    };
}

suite! {
    issue {
        a_token_comes_back_as_it_was_issued
        what_the_issuer_lacks_is_refused
        a_token_issues_within_its_own_lifetime
        an_ended_token_issues_nothing
        what_cannot_be_stored_is_refused_alike
        a_subject_has_a_limit
        texts_are_never_part_of_a_statement
    }
    owners {
        an_owner_sees_its_own_tokens_only
        pages_do_not_shift
        shared_tokens_are_not_renamed_or_rotated_by_one_tenant
        a_subject_in_a_tenant
    }
    lifetimes {
        a_token_is_valid_between_its_times
        last_used_is_written_without_a_request_that_waits
        what_ended_long_ago_is_cleaned_up
        unknown_scopes_are_told_and_grant_nothing
        a_renamed_scope_goes_on_granting
        a_secret_of_a_deleted_token_opens_no_other
    }
    revocation {
        revoking_takes_along_what_was_issued
        revoking_all_of_an_owner
        a_revoked_token_stays_revoked
        issuing_waits_for_a_revocation
        revoking_waits_for_an_issue
        revoking_all_waits_for_an_issue_under_another_subject
    }
    rotation {
        the_old_secret_opens_routes_and_nothing_else
        the_old_secret_ends
        a_grant_of_an_earlier_secret_cannot_rotate
        only_one_predecessor_is_kept
        a_token_rotates_only_itself_for_its_owner
        an_id_is_never_used_again
    }
    transactions {
        every_call_runs_inside_the_applications_transaction
        a_failed_call_leaves_the_transaction_usable
        a_higher_isolation_level_is_refused_where_it_would_hide_tokens
        calls_in_a_transaction_can_be_spawned
        a_lost_call_revokes_nothing_or_all
    }
    schema {
        migrating_again_changes_nothing
        many_processes_may_migrate_at_once
        tables_of_a_newer_version_are_refused
        the_audit_table_is_append_only
        no_table_holds_a_secret
        beside_the_applications_migrations
    }
    verifier {
        a_request_is_answered_by_what_the_token_may
        a_database_that_is_down_is_503
        tables_that_are_missing_are_503
        waiting_is_bounded_in_time_and_number
        a_cached_answer_ends
        the_cache_survives_a_database_that_is_down_for_its_time_only
        unknown_tokens_are_never_cached
        a_look_up_uses_the_indexes
    }
    import {
        an_imported_token_works_and_keeps_what_it_had
        what_is_not_of_the_format_is_refused
        an_imported_child_ends_with_its_issuer
    }
}
