//! Where the parameters of a path lie.

/// Ends of segments by their number + 1. At 0 lies the slash before the first segment; in the last place end all segments that
/// are too far from the beginning to be kept: those are looked up when they are asked for.
const PLACES: usize = 8;

/// The place of the end of all segments that are not kept.
pub(crate) const LAST: u8 = PLACES as u8 - 1;

/// Where the segments that lead to a route end, by their position in the path.
///
/// A segment whose end was not put here ends before it begins, where no value is.
#[derive(Clone, Copy)]
pub(crate) struct Spans([u16; PLACES]);

impl Spans {
    pub(crate) const NONE: Self = Self([0; PLACES]);

    /// Keeps where a segment ends.
    #[inline(always)]
    pub(super) fn put(&mut self, place: u8, end: usize) {
        self.0[usize::from(place & LAST)] = end as u16;
    }

    /// All segments of a path that begins with a slash or is empty: their places, their number, and whether a slash follows
    /// the last one. `None` for what is no path.
    pub(crate) fn split(path: &[u8]) -> Option<(Self, usize, bool)> {
        let mut spans = Self::NONE;
        u16::try_from(path.len()).ok()?;
        if path.is_empty() {
            return Some((spans, 0, false));
        }
        let rest = path.strip_prefix(b"/")?;
        let (mut end, mut count, mut is_empty) = (0, 0_usize, false);
        for segment in rest.split(|&byte| byte == b'/') {
            end += 1 + segment.len();
            count += 1;
            spans.put(count.min(usize::from(LAST)) as u8, end);
            is_empty = segment.is_empty();
        }
        Some((spans, count - usize::from(is_empty), is_empty))
    }

    /// Start and end of a segment among those that are kept.
    #[inline(always)]
    pub(crate) fn kept(&self, segment: usize) -> Option<(usize, usize)> {
        if segment >= PLACES - 2 {
            return None;
        }
        Some((usize::from(self.0[segment]) + 1, usize::from(self.0[segment + 1])))
    }

    /// Start and end of a segment of the path.
    #[inline]
    pub(crate) fn of(&self, segment: usize, path: &[u8]) -> Option<(usize, usize)> {
        self.kept(segment).or_else(|| beyond(segment, path))
    }
}

#[cold]
fn beyond(segment: usize, path: &[u8]) -> Option<(usize, usize)> {
    let mut start = 1;
    let mut segments = path.get(1..)?.split(|&byte| byte == b'/');
    for before in segments.by_ref().take(segment) {
        start += before.len() + 1;
    }
    Some((start, start + segments.next()?.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn segments_of_small_paths() {
        for (path, count, slash, spans) in [
            ("", 0, false, &[][..]),
            ("/", 0, true, &[]),
            ("/a", 1, false, &[(1, 2)]),
            ("/a/", 1, true, &[(1, 2)]),
            ("/a/bc", 2, false, &[(1, 2), (3, 5)]),
            ("//a", 2, false, &[(1, 1), (2, 3)]),
            (
                "/0/1/2/3/4/5/6/7/8/ab/",
                10,
                true,
                &[(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16), (17, 18), (19, 21)],
            ),
        ] {
            let (split, found, is_empty) = Spans::split(path.as_bytes()).unwrap();
            assert_eq!((found, is_empty), (count, slash), "{path}");
            let found: Vec<_> = (0..count).filter_map(|segment| split.of(segment, path.as_bytes())).collect();
            assert_eq!(found, spans, "{path}");
        }
        assert!(Spans::split(b"a").is_none());
        assert!(Spans::split(&[b'/'; 65_536]).is_none());
        assert_eq!(Spans::NONE.of(3, b"/a"), Some((1, 0)), "nowhere");
        assert_eq!(Spans::NONE.of(300, b"/a"), None);
    }
}
