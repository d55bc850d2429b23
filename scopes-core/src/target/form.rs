//! The form of a raw target (G1), its query (G8), and the part of its path below a base.

use crate::malformation::Malformation;
use crate::matcher::MAX_PATH;
use crate::path_rules;
use crate::route::NoRoute;

/// The path of a request target, without its query (G1, G8).
///
/// Accepts the origin-form and the absolute-form (RFC 9112 section 3.2); an empty path in the
/// absolute-form is `/`.
///
/// # Errors
/// Any other form, such as `*` and the authority-form.
pub fn path_of(target: &[u8]) -> Result<&[u8], Malformation> {
    let from_slash = if target.first() == Some(&b'/') { target } else { after_authority(target)? };
    let path = without_query(from_slash);
    Ok(if path.is_empty() { b"/" } else { path })
}

/// Cuts off the query. Most targets have none, so blocks of 16 bytes are searched at once.
#[inline]
pub(super) fn without_query(target: &[u8]) -> &[u8] {
    let mut left = target;
    while let Some((block, following)) = left.split_first_chunk::<16>() {
        if block.iter().fold(false, |any, &byte| any | (byte == b'?')) {
            break;
        }
        left = following;
    }
    let skipped = target.len() - left.len();
    match left.iter().position(|&byte| byte == b'?') {
        Some(query) => target.get(..skipped + query).unwrap_or(target),
        None => target,
    }
}

fn after_authority(target: &[u8]) -> Result<&[u8], Malformation> {
    let colon = target.iter().position(|&byte| byte == b':').ok_or(Malformation::NotOriginForm)?;
    let (scheme, rest) = target.split_at(colon);
    let scheme_is_sound = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let authority = rest.strip_prefix(b"://").filter(|_| scheme_is_sound).ok_or(Malformation::NotOriginForm)?;
    let end = authority.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(authority.len());
    let (host, path) = authority.split_at(end);
    if host.is_empty() { Err(Malformation::NotOriginForm) } else { Ok(path) }
}

/// Checks the rules that every target must keep, whatever its route: length, form, bytes (G1 to
/// G5).
///
/// # Errors
/// [`NoRoute::TooLong`] and [`NoRoute::Malformed`].
pub fn check(target: &[u8], limit: usize) -> Result<&[u8], NoRoute> {
    let path = bounded_path(target, limit)?;
    path_rules::check_path(path).map_err(NoRoute::Malformed)?;
    Ok(path)
}

pub(super) fn bounded_path(target: &[u8], limit: usize) -> Result<&[u8], NoRoute> {
    if target.len() > limit.min(MAX_PATH) {
        return Err(NoRoute::TooLong);
    }
    path_of(target).map_err(NoRoute::Malformed)
}

/// The part of a path below a base. The base must end where a segment ends.
#[must_use]
pub fn below<'t>(path: &'t [u8], base: &str) -> Option<&'t [u8]> {
    below_bytes(path, base.as_bytes())
}

pub(super) fn below_bytes<'t>(path: &'t [u8], base: &[u8]) -> Option<&'t [u8]> {
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.first() == Some(&b'/')).then_some(rest)
}

/// The part of a target after a base, which may end within a segment. A base is so short that a
/// call of `memcmp` would cost more than these comparisons.
#[inline(always)]
pub(super) fn after_base<'t>(target: &'t [u8], base: &[u8]) -> Option<&'t [u8]> {
    if base.is_empty() {
        return Some(target);
    }
    let (front, rest) = target.split_at_checked(base.len())?;
    same(front, base).then_some(rest)
}

/// Whether two texts of the same length, at least two bytes, are equal.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if let (Some(a_first), Some(b_first), Some(a_last), Some(b_last)) =
        (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>())
    {
        return a_first == b_first && a_last == b_last && (a.len() <= 16 || same_words(a, b));
    }
    if let (Some(a_first), Some(b_first), Some(a_last), Some(b_last)) =
        (a.first_chunk::<4>(), b.first_chunk::<4>(), a.last_chunk::<4>(), b.last_chunk::<4>())
    {
        return a_first == b_first && a_last == b_last;
    }
    // The length is two or three: a base has a slash and at least one more byte.
    matches!((a, b), ([a1, a2, a3 @ ..], [b1, b2, b3 @ ..]) if a1 == b1 && a2 == b2 && a3.first() == b3.first())
}

#[inline(always)]
fn same_words(mut a: &[u8], mut b: &[u8]) -> bool {
    while let (Some((a_word, a_rest)), Some((b_word, b_rest))) =
        (a.split_first_chunk::<8>(), b.split_first_chunk::<8>())
    {
        if a_word != b_word {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    // The remaining bytes were compared as part of the last eight bytes.
    true
}
