//! How much space a text takes in a diagram.

/// The width of a label at most.
const WIDEST: f64 = 112.0;

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// Estimates the width of a text of 11 pixels.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(character: char) -> f64 {
    if character.is_ascii() { 6.3 } else { 11.2 }
}

/// Shortens a text to the width of a label.
pub(super) fn shortened(text: &str) -> String {
    if width(text) <= WIDEST {
        return text.to_owned();
    }
    let mut left = WIDEST - advance('…');
    let fitting = text.chars().take_while(|character| {
        left -= advance(*character);
        left >= 0.0
    });
    fitting.collect::<String>().trim_end().to_owned() + "…"
}
