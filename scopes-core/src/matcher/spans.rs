//! Where the parameters of a path lie.

/// So many segments' places are kept; those beyond are looked up when they are asked for.
const KEPT: usize = 8;

/// A depth whose segment's place is not kept.
pub(crate) const NO_SPAN: u8 = u8::MAX;

/// Start and end of the segments that may be parameters' values, by their position in the path.
///
/// A segment that was not put here lies at 0 to 0, where no value is.
#[derive(Clone, Copy)]
pub(crate) struct Spans([[u16; 2]; KEPT]);

impl Spans {
    pub(crate) const NONE: Self = Self([[0; 2]; KEPT]);

    /// Keeps a segment: `slash` is where the slash before it lies.
    #[inline(always)]
    pub(super) fn put(&mut self, segment: u8, slash: usize, end: usize) {
        if let Some(span) = self.0.get_mut(usize::from(segment)) {
            *span = [slash.wrapping_add(1) as u16, end as u16];
        }
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
        let (mut slash, mut count, mut is_empty) = (0, 0_usize, false);
        for segment in rest.split(|&byte| byte == b'/') {
            let end = slash + 1 + segment.len();
            spans.put(u8::try_from(count).unwrap_or(NO_SPAN), slash, end);
            (slash, is_empty) = (end, segment.is_empty());
            count += 1;
        }
        Some((spans, count - usize::from(is_empty), is_empty))
    }

    /// Start and end of a segment among those that are kept.
    #[inline(always)]
    pub(crate) fn kept(&self, segment: usize) -> Option<(usize, usize)> {
        self.0.get(segment).map(|&[start, end]| (usize::from(start), usize::from(end)))
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
        assert_eq!(Spans::NONE.of(3, b"/a"), Some((0, 0)));
        assert_eq!(Spans::NONE.of(300, b"/a"), None);
    }
}
