//! TypeScript source with indentation, comments and names.

use std::collections::BTreeSet;

/// A source file that is being written.
#[derive(Debug)]
pub(super) struct TsSource {
    text: String,
    depth: usize,
}

impl TsSource {
    pub(super) fn new(head: &str) -> Self {
        Self { text: head.to_owned(), depth: 0 }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Writes a block: `open {`, what is inside, and `}`.
    pub(super) fn block(&mut self, open: &str, inside: impl FnOnce(&mut Self)) {
        self.block_ending(open, "}", inside);
    }

    /// Writes a block with another ending, such as `}[]`.
    pub(super) fn block_ending(
        &mut self,
        open: &str,
        ending: &str,
        inside: impl FnOnce(&mut Self),
    ) {
        self.line(&format!("{open} {{"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line(ending);
    }

    /// Writes a namespace, unless nothing is in it.
    pub(super) fn namespace(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        self.text.push('\n');
        let start = self.text.len();
        self.block(&format!("export declare namespace {name}"), inside);
        let is_empty = self.text.get(start..).is_some_and(|block| block.lines().count() == 2);
        if is_empty {
            self.text.truncate(before);
        }
    }

    /// Writes a comment for documentation; nothing without lines.
    pub(super) fn docs(&mut self, lines: &[String]) {
        let lines: Vec<String> = lines.iter().flat_map(|text| text.lines()).map(harmless).collect();
        match lines.as_slice() {
            [] => {}
            [single] => self.line(&format!("/** {single} */")),
            several => {
                self.line("/**");
                for line in several {
                    self.line(format!(" * {line}").trim_end());
                }
                self.line(" */");
            }
        }
    }
}

/// A line of a comment that does not end the comment.
fn harmless(line: &str) -> String {
    line.trim_end().replace("*/", "*\\/")
}

/// Writes a text as a literal.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::from("'");
    for letter in text.chars() {
        match letter {
            '\'' | '\\' => literal.extend(['\\', letter]),
            letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => {
                literal.extend(
                    letter.escape_unicode().filter(|one| !"{}".contains(*one)).collect::<Vec<_>>(),
                );
            }
            letter => literal.push(letter),
        }
    }
    literal.push('\'');
    literal
}

/// Writes the name of a member, in quotes where it is no identifier.
pub(super) fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { literal(name) }
}

fn is_identifier(name: &str) -> bool {
    let is_start = |letter: char| letter.is_ascii_alphabetic() || letter == '_' || letter == '$';
    name.starts_with(is_start) && name.chars().all(|one| is_start(one) || one.is_ascii_digit())
}

/// Converts a name to an identifier that begins with a capital: `serviceorder` is `Serviceorder`.
pub(super) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let letter = |one: char| if one.is_ascii_alphanumeric() || one == '_' { one } else { '_' };
    let text: String = first.into_iter().chain(letters).map(letter).collect();
    if text.starts_with(|first: char| first.is_ascii_digit()) { format!("_{text}") } else { text }
}

/// Joins the words of a name: `fund-app` is `FundApp`.
pub(super) fn joined(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let name: String = words.filter(|word| !word.is_empty()).map(capitalised).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

/// Names that are taken in one scope.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// Takes a name, with a number behind it where it is taken already.
    pub(super) fn take(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut count = 1;
        while !self.0.insert(free.clone()) {
            count += 1;
            free = format!("{name}_{count}");
        }
        free
    }
}
