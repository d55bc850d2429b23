//! Pages of a list.

use crate::error::Invalid;
use crate::token::Token;
use scopes::Scope;

/// The greatest number of tokens on a page.
pub(crate) const MAX_PAGE: u32 = 1000;

/// Which part of a list to read: the first tokens, or the tokens after the last page. The oldest
/// token comes first.
///
/// Pages do not shift when tokens are added or end in between, and the last page is as cheap as the
/// first.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// for name in ["a", "b", "c"] {
///     store.issue(&session, NewToken::named(name)).await?;
/// }
/// let mine = store.of_subject("user-7");
/// let first = mine.list(Page::first(2)).await?;
/// assert_eq!(first.tokens().len(), 2);
/// // The cursor is a text, for the query of the next request.
/// let cursor = first.next_cursor().expect("there is more").to_owned();
/// let last = mine.list(Page::after(&cursor, 2)?).await?;
/// assert_eq!((last.tokens()[0].name(), last.next_cursor()), ("c", None));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub(crate) after: Option<(i64, String)>,
    pub(crate) count: u32,
    pub(crate) with_ended: bool,
}

impl Page {
    /// The first page, of at most `count` tokens. A page has 1 to 1,000 tokens; other counts become
    /// the nearest of these.
    ///
    /// ```
    /// use scopes_store::Page;
    /// assert_eq!(Page::first(0), Page::first(1));
    /// assert_eq!(Page::first(u32::MAX), Page::first(1000));
    /// ```
    #[must_use]
    pub fn first(count: u32) -> Self {
        Self { after: None, count: count.clamp(1, MAX_PAGE), with_ended: false }
    }

    /// The page after a [cursor](TokenPage::next_cursor).
    ///
    /// ```
    /// use scopes_store::Page;
    /// assert!(Page::after("made up", 50).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not a cursor. A cursor of another owner shows nothing of that owner.
    pub fn after(cursor: &str, count: u32) -> Result<Self, Invalid> {
        let (time, id) = cursor.split_once('.').ok_or(Invalid::Cursor)?;
        let time = time.parse().map_err(|_| Invalid::Cursor)?;
        crate::id::check_id(id).map_err(|_| Invalid::Cursor)?;
        Ok(Self { after: Some((time, id.to_owned())), ..Self::first(count) })
    }

    /// Lists revoked and expired tokens as well, until they are cleaned up.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let id = store.issue(&session, NewToken::named("n")).await?.id().to_owned();
    /// let mine = store.of_subject("user-7");
    /// mine.revoke(&id).await?;
    /// assert!(mine.list(Page::first(50)).await?.tokens().is_empty());
    /// assert_eq!(mine.list(Page::first(50).with_ended()).await?.tokens().len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_ended(self) -> Self {
        Self { with_ended: true, ..self }
    }
}

/// A page of tokens, which can be iterated.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// store.issue(&session, NewToken::named("ci job")).await?;
/// for token in store.of_subject("user-7").list(Page::first(50)).await? {
///     println!("{} {:?}", token.name(), token.last_used());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct TokenPage<S: Scope> {
    tokens: Vec<Token<S>>,
    next: Option<String>,
}

impl<S: Scope> TokenPage<S> {
    /// Makes a page of rows. If there are more pages, there is one row more than asked for.
    pub(crate) fn of(mut tokens: Vec<Token<S>>, count: u32) -> Self {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let has_more = tokens.len() > count;
        tokens.truncate(count);
        let next = tokens.last().filter(|_| has_more);
        let next = next.map(|last| format!("{}.{}", last.created_at_micros(), last.id()));
        Self { tokens, next }
    }

    /// The tokens of this page, the oldest first.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let page = store.of_tenant("E1").list(Page::first(50)).await?;
    /// assert_eq!(page.tokens()[0].id(), made.id());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn tokens(&self) -> &[Token<S>] {
        &self.tokens
    }

    /// The argument of [`Page::after`] for the next page, or `None` if this is the last one.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let page = store.of_tenant("E1").list(Page::first(50)).await?;
    /// assert_eq!(page.next_cursor(), None);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn next_cursor(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

impl<S: Scope> IntoIterator for TokenPage<S> {
    type Item = Token<S>;
    type IntoIter = std::vec::IntoIter<Token<S>>;

    fn into_iter(self) -> Self::IntoIter {
        self.tokens.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_checked() {
        let page = Page { after: Some((-5, "a.b".to_owned())), count: 7, with_ended: false };
        assert_eq!(Page::after("-5.a.b", 7), Ok(page));
        for text in ["", ".", "5", "5.", ".a", "x.a", "99999999999999999999.a", "5.\0"] {
            assert_eq!(Page::after(text, 7), Err(Invalid::Cursor), "{text}");
        }
    }
}
