//! What fits on a terminal: its width, wrapped text, and the styles of a page.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The width of what is written to a file or a pipe.
const WIDTH_OF_FILES: usize = 100;
/// Lines that are longer than this are hard to read.
const WIDEST: usize = 140;
const NARROWEST: usize = 40;

/// Headings.
pub(crate) const HEADING: Style = Style::new().bold().underline();
/// Names on the wire.
pub(crate) const NAME: Style = Style::new().bold();
/// Types and other facts of a name.
pub(crate) const FACT: Style = AnsiColor::Cyan.on_default();
/// What needs care.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// What most readers skip.
pub(crate) const DIM: Style = Style::new().dimmed();

/// Returns the number of columns to fill.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size();
    terminal.map_or(WIDTH_OF_FILES, |(width, _)| usize::from(width.0)).clamp(NARROWEST, WIDEST)
}

/// Puts a text into a style. The output removes styles where nobody sees them.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Breaks a text into lines of at most `width` columns. A Chinese character has two columns, and a line may break
/// beside it. A word that is wider stays whole.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let (mut line, mut used) = (String::new(), 0);
        for piece in pieces(paragraph) {
            let piece_width = piece.width();
            if used > 0 && used + piece.trim_end().width() > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
                if piece.trim().is_empty() {
                    continue;
                }
            }
            line.push_str(&piece);
            used += piece_width;
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The parts of a text between which a line may break: words, wide characters and spaces.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut in_word = false;
    for letter in text.chars() {
        let is_part_of_word = !letter.is_whitespace() && letter.width() != Some(2);
        match pieces.last_mut() {
            Some(word) if in_word && is_part_of_word => word.push(letter),
            _ => pieces.push(letter.to_string()),
        }
        in_word = is_part_of_word;
    }
    pieces
}

/// The lines of a page for people, at most as wide as the terminal.
#[derive(Debug)]
pub(crate) struct Page {
    width: usize,
    pub(crate) lines: Vec<String>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self { width: width(), lines: Vec::new() }
    }

    /// Writes a line as it is.
    pub(crate) fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Writes a heading after an empty line.
    pub(crate) fn heading(&mut self, text: &str) {
        self.lines.push(String::new());
        self.lines.push(styled(HEADING, text));
    }

    /// Writes a text, wrapped and indented.
    pub(crate) fn text(&mut self, indent: usize, text: &str) {
        self.hanging(indent, "", text);
    }

    /// Writes a text whose first line begins with `head`, which may have styles. The other lines are indented a bit
    /// more.
    pub(crate) fn hanging(&mut self, indent: usize, head: &str, text: &str) {
        let head_width = anstream::adapter::strip_str(head).to_string().width();
        let more = if head.is_empty() { 0 } else { 4 };
        let room = self.width.saturating_sub(indent + more).max(NARROWEST / 2);
        // The head takes its part of the first line.
        let filler = "\u{a0}".repeat(head_width);
        let wrapped = wrap(&format!("{filler}{text}"), room);
        for (at, line) in wrapped.iter().enumerate() {
            let line = match at {
                0 => format!("{head}{}", line.trim_start_matches('\u{a0}')),
                _ => format!("{}{}", " ".repeat(more), line.trim_start()),
            };
            self.lines.push(format!("{}{line}", " ".repeat(indent)).trim_end().to_owned());
        }
    }

    /// Writes a fact: a label, and its value. Nothing is written without a value.
    pub(crate) fn fact(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            let fill = 12_usize.saturating_sub(label.width()).max(1);
            self.hanging(0, &styled(DIM, &format!("{label}{}", " ".repeat(fill))), value);
        }
    }
}
