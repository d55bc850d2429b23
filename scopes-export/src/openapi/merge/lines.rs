//! The lines of a text, found once. A document may be one long line, so that looking for the start
//! of a line again for each change would take long.

/// Where the lines of a text begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The number of the line that has this byte, counted from 1.
    pub(super) fn number(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }

    /// Where this line begins.
    pub(super) fn start(&self, at: usize) -> usize {
        self.number(at).checked_sub(1).and_then(|index| self.0.get(index)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn numbers_and_starts() {
        let lines = Lines::of("a\n\nbc\r\nd");
        for (at, number, start) in
            [(0, 1, 0), (1, 1, 0), (2, 2, 2), (3, 3, 3), (4, 3, 3), (6, 3, 3), (7, 4, 7), (99, 4, 7)]
        {
            assert_eq!((lines.number(at), lines.start(at)), (number, start), "{at}");
        }
        assert_eq!((Lines::of("").number(0), Lines::of("").start(0)), (1, 0));
    }
}
