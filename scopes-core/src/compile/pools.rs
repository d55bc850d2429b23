//! The two pools that records point into.

use super::limits::MAX_TEXT;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::layout::{self, NO_TEXT, Text};

/// The text of a catalogue: every distinct piece once, one after the other.
#[derive(Default)]
pub(super) struct TextPool {
    pub(super) text: String,
    known: BTreeMap<String, Text>,
    /// Whether a piece was left out because the pool is full.
    pub(super) overflowed: bool,
}

impl TextPool {
    pub(super) fn add(&mut self, piece: &str) -> Text {
        if piece.is_empty() {
            return 0;
        }
        if let Some(&text) = self.known.get(piece) {
            return text;
        }
        if self.text.len() + piece.len() > MAX_TEXT {
            self.overflowed = true;
            return 0;
        }
        let text = layout::text(self.text.len(), piece.len());
        self.text.push_str(piece);
        self.known.insert(piece.into(), text);
        text
    }

    pub(super) fn optional(&mut self, piece: Option<&str>) -> Text {
        piece.map_or(NO_TEXT, |piece| self.add(piece))
    }
}

/// The 16-bit numbers of a catalogue: requirements, and the members of scopes. Every distinct list
/// is stored once.
#[derive(Default)]
pub(super) struct NumberPool {
    pub(super) numbers: Vec<u16>,
    known: BTreeMap<Vec<u16>, u32>,
}

impl NumberPool {
    pub(super) fn add(&mut self, piece: Vec<u16>) -> u32 {
        if let Some(&offset) = self.known.get(&piece) {
            return offset;
        }
        // Cannot overflow: see the assertion at `MAX_ALTERNATIVES`.
        let offset = self.numbers.len() as u32;
        self.numbers.extend_from_slice(&piece);
        self.known.insert(piece, offset);
        offset
    }
}
