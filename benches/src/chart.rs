//! Draws times as bars.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Bars that are drawn together.
pub struct Group {
    /// What was measured.
    pub title: String,
    /// The contenders and their nanoseconds.
    pub bars: Vec<(String, f64)>,
}

const COLUMNS: usize = 3;
const WIDTH: i32 = 380;
const BAR: i32 = 20;
const NAMES: i32 = 130;
const NUMBERS: i32 = 60;
const TITLE: i32 = 34;

/// Draws the groups, three per row, each at its own scale.
///
/// # Errors
/// If the file cannot be written.
pub fn draw(file: &Path, groups: &[Group]) -> Result<(), Box<dyn std::error::Error>> {
    let most = groups.iter().map(|group| group.bars.len()).max().unwrap_or(0) as i32;
    let height = TITLE + most * BAR + BAR / 2;
    let rows = groups.len().div_ceil(COLUMNS) as i32;
    let size = ((WIDTH * COLUMNS as i32) as u32, (height * rows.max(1)) as u32);
    let area = SVGBackend::new(file, size).into_drawing_area();
    area.fill(&WHITE)?;
    let style = ("sans-serif", 12).into_font().color(&BLACK);
    let (left, right) = (Pos::new(HPos::Left, VPos::Center), Pos::new(HPos::Right, VPos::Center));
    for (index, group) in groups.iter().enumerate() {
        let (x, y) = ((index % COLUMNS) as i32 * WIDTH, (index / COLUMNS) as i32 * height);
        let title = format!("{} (ns a look-up)", group.title);
        area.draw_text(&title, &("sans-serif", 14).into_font().color(&BLACK).pos(left), (x + 10, y + TITLE / 2))?;
        let longest = group.bars.iter().map(|(_, time)| *time).fold(1.0, f64::max);
        for (line, (name, time)) in group.bars.iter().enumerate() {
            let top = y + TITLE + line as i32 * BAR;
            let middle = top + BAR / 2;
            let length = (f64::from(WIDTH - NAMES - NUMBERS) * time / longest) as i32;
            let color = if name.starts_with("scopes") { RGBColor(32, 110, 70) } else { RGBColor(150, 150, 150) };
            let (from, to) = ((x + NAMES, top + 3), (x + NAMES + length.max(1), top + BAR - 3));
            area.draw(&Rectangle::new([from, to], color.filled()))?;
            area.draw_text(name, &style.pos(right), (x + NAMES - 6, middle))?;
            area.draw_text(&format!("{time:.1}"), &style.pos(left), (to.0 + 5, middle))?;
        }
    }
    area.present()?;
    Ok(())
}
