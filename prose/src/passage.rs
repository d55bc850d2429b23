//! A passage: lines of text that are read together.

/// What a passage is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Documentation of an item or of a module.
    Documentation,
    /// Any other comment.
    Comment,
    /// The text of a document, a string literal, or a name.
    Text,
}

/// One line of a passage.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Line {
    /// Counted from 1.
    pub(crate) number: usize,
    /// The text without the mark of the comment.
    pub(crate) text: String,
    /// The columns of the whole line if nothing but this comment is on it, otherwise 0.
    pub(crate) columns: usize,
}

/// Lines of text that are read together: a sentence may begin on one and end on the next.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Passage {
    pub(crate) kind: Kind,
    pub(crate) lines: Vec<Line>,
}

/// A word of a passage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Word<'a> {
    /// The word without punctuation around it.
    pub(crate) text: &'a str,
    /// Whether no punctuation separates it from the next word.
    pub(crate) joined: bool,
    /// The line on which it stands.
    pub(crate) line: &'a Line,
}

impl Word<'_> {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
}

impl Passage {
    /// The words of a name in `snake_case`.
    pub(crate) fn of_name(number: usize, name: &str) -> Self {
        Self { kind: Kind::Text, lines: vec![Line { number, text: name.replace('_', " "), columns: 0 }] }
    }

    /// The words in their order.
    pub(crate) fn words(&self) -> impl Iterator<Item = Word<'_>> {
        self.lines.iter().flat_map(|line| {
            // The words of an example's code are separated by quotes and parentheses as well.
            let separates = |c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')');
            line.text.split(separates).filter_map(move |word| {
                let end = word.trim_end_matches(|c: char| !c.is_alphanumeric());
                let text = end.trim_start_matches(|c: char| !c.is_alphanumeric());
                (!text.is_empty()).then_some(Word { text, joined: end.len() == word.len(), line })
            })
        })
    }
}
