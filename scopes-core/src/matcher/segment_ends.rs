//! The positions where the segments of a path end.

use super::scan;

/// The ends of the last four segments that a walk has passed, sixteen bits each, with the last one
/// in the lowest bits. Before the first segment, the slash at 0 counts as an end. Earlier segments
/// are located only when they are needed.
///
/// A single number instead of a table of all segments. The processor could copy such a table only
/// after every single write to it had arrived, and that cost a tenth of a look-up.
#[derive(Clone, Copy)]
pub(crate) struct SegmentEnds(u64);

/// Identifies a kept segment by how many segments follow it. The compiler computes this for each
/// route's tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentSlot(pub(crate) u8);

impl SegmentSlot {
    /// The segment is not kept: too many segments follow it.
    pub(crate) const NOT_KEPT: Self = Self(3);
    /// The segment is not kept, but it is the parameter of the common prefix.
    pub(crate) const COMMON_PARAMETER: Self = Self(4);

    /// The slot of a segment of a route with `count` segments.
    pub(crate) fn new(segment: usize, count: usize) -> Self {
        match count.checked_sub(segment + 1) {
            Some(following) if following < usize::from(Self::NOT_KEPT.0) => Self(following as u8),
            Some(_) if segment == 1 => Self::COMMON_PARAMETER,
            _ => Self::NOT_KEPT,
        }
    }
}

impl SegmentEnds {
    pub(crate) const NONE: Self = Self(0);

    /// Appends the end of the next segment.
    #[inline(always)]
    pub(super) const fn put(&mut self, end: usize) {
        self.0 = self.0 << 16 | end as u64 & 0xffff;
    }

    /// Splits a path that begins with a slash or is empty. Returns the ends of its last segments,
    /// the number of segments, and whether a slash follows the last one. `None` for other paths.
    pub(crate) fn split(path: &[u8]) -> Option<(Self, usize, bool)> {
        u16::try_from(path.len()).ok()?;
        if path.first().is_some_and(|&byte| byte != b'/') {
            return None;
        }
        let named = path.strip_suffix(b"/").unwrap_or(path);
        let (mut ends, mut end, mut count) = (Self::NONE, 0, 0);
        for segment in named.split(|&byte| byte == b'/').skip(1) {
            end += 1 + segment.len();
            ends.put(end);
            count += 1;
        }
        Some((ends, count, named.len() < path.len()))
    }

    /// Start and end of a segment, if it was kept.
    #[inline(always)]
    pub(crate) const fn kept(&self, SegmentSlot(following): SegmentSlot) -> Option<(usize, usize)> {
        if following >= SegmentSlot::NOT_KEPT.0 {
            return None;
        }
        let ends = self.0 >> (16 * following);
        Some(((ends >> 16 & 0xffff) as usize + 1, (ends & 0xffff) as usize))
    }
}

/// Start and end of a segment of a path, at any position.
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
        for (path, count, slash, ends) in [
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
            let (split, found, is_slash_last) = SegmentEnds::split(path.as_bytes()).unwrap();
            assert_eq!((found, is_slash_last), (count, slash), "{path}");
            let found: Vec<_> = (0..count).filter_map(|segment| segment_of(segment, path.as_bytes())).collect();
            assert_eq!(found, ends, "{path}");
            let kept: Vec<_> = (0..count).filter_map(|segment| split.kept(SegmentSlot::new(segment, count))).collect();
            assert_eq!(kept, ends[count.saturating_sub(3)..], "{path}");
        }
        assert!(SegmentEnds::split(b"a").is_none());
        assert!(SegmentEnds::split(&[b'/'; 65_536]).is_none());
        assert_eq!(segment_of(300, b"/a"), None);
    }
}
