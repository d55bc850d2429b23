//! Where the parameters of a path lie.

use super::scan;

/// Where the last segments lie that a walk has gone along: the ends of four, sixteen bits each, the last one lowest. Before the
/// first segment lies a slash at 0. What lies before these is looked up when it is asked for.
///
/// One number and no table of all segments: what is written to memory piece by piece cannot be copied as a whole before all of
/// it has arrived, and that cost a tenth of a look-up.
#[derive(Clone, Copy)]
pub(crate) struct Spans(u64);

/// How many segments lie behind one that is kept; for the tenant of each route this is known beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept(pub(crate) u8);

impl Kept {
    /// Too many: it is not kept.
    pub(crate) const NOT: Self = Self(3);
    /// The same, where it is the segment of the trunk's parameter.
    pub(crate) const TRUNK: Self = Self(4);

    /// Of a segment of a route that has so many.
    pub(crate) fn new(segment: usize, count: usize) -> Self {
        match count.checked_sub(segment + 1) {
            Some(behind) if behind < usize::from(Self::NOT.0) => Self(behind as u8),
            Some(_) if segment == 1 => Self::TRUNK,
            _ => Self::NOT,
        }
    }
}

impl Spans {
    pub(crate) const NONE: Self = Self(0);

    /// Keeps where the next segment ends.
    #[inline(always)]
    pub(super) const fn put(&mut self, end: usize) {
        self.0 = self.0 << 16 | end as u64 & 0xffff;
    }

    /// All segments of a path that begins with a slash or is empty: their places, their number, and whether a slash follows
    /// the last one. `None` for what is no path.
    pub(crate) fn split(path: &[u8]) -> Option<(Self, usize, bool)> {
        u16::try_from(path.len()).ok()?;
        if path.first().is_some_and(|&byte| byte != b'/') {
            return None;
        }
        let named = path.strip_suffix(b"/").unwrap_or(path);
        let (mut spans, mut end, mut count) = (Self::NONE, 0, 0);
        for segment in named.split(|&byte| byte == b'/').skip(1) {
            end += 1 + segment.len();
            spans.put(end);
            count += 1;
        }
        Some((spans, count, named.len() < path.len()))
    }

    /// Start and end of a segment, if it is kept.
    #[inline(always)]
    pub(crate) const fn kept(&self, Kept(behind): Kept) -> Option<(usize, usize)> {
        if behind >= Kept::NOT.0 {
            return None;
        }
        let ends = self.0 >> (16 * behind);
        Some(((ends >> 16 & 0xffff) as usize + 1, (ends & 0xffff) as usize))
    }
}

/// Start and end of a segment of a path, wherever it is.
pub(crate) fn segment_of(segment: usize, path: &[u8]) -> Option<(usize, usize)> {
    let mut start = 1;
    for _ in 0..segment {
        start += scan::segment_length(path.get(start..)?) + 1;
    }
    Some((start, start + scan::segment_length(path.get(start..)?)))
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
            ("//", 1, true, &[(1, 1)]),
            ("/a//", 2, true, &[(1, 2), (3, 3)]),
            (
                "/0/1/2/3/4/5/6/7/8/ab/",
                10,
                true,
                &[(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16), (17, 18), (19, 21)],
            ),
        ] {
            let (split, found, is_slash_last) = Spans::split(path.as_bytes()).unwrap();
            assert_eq!((found, is_slash_last), (count, slash), "{path}");
            let found: Vec<_> = (0..count).filter_map(|segment| segment_of(segment, path.as_bytes())).collect();
            assert_eq!(found, spans, "{path}");
            let kept: Vec<_> = (0..count).filter_map(|segment| split.kept(Kept::new(segment, count))).collect();
            assert_eq!(kept, spans[count.saturating_sub(3)..], "{path}");
        }
        assert!(Spans::split(b"a").is_none());
        assert!(Spans::split(&[b'/'; 65_536]).is_none());
        assert_eq!(segment_of(300, b"/a"), None);
    }
}
