//! Chains of methods as rustfmt writes them: beside a root that is no wider than a step of
//! indentation, and not below it.

use std::borrow::Cow;

/// A step of indentation.
const STEP: usize = 4;

/// Moves the first link of each chain beside its short root.
pub(crate) fn beside_short_roots(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(Cow::from).collect();
    let mut out = String::with_capacity(text.len());
    write(&lines, &mut out);
    out
}

fn write(lines: &[Cow<'_, str>], out: &mut String) {
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        out.push_str(line);
        rest = after;
        if let Some((link, after)) = after.split_first().filter(|_| is_short_root(line)) {
            let parts = parts(after, indentation(line));
            if !link.ends_with(['(', '[', '{']) {
                out.push_str(link.trim_start());
                rest = after;
            } else if parts.iter().all(|part| !is_link(part, indentation(link))) {
                // The only link: what is inside of it moves with it.
                out.push_str(link.trim_start());
                out.push('\n');
                let moved: Vec<_> = parts.iter().map(|part| Cow::from(dedented(part))).collect();
                write(&moved, out);
                rest = after.get(parts.len()..).unwrap_or_default();
                continue;
            }
        }
        out.push('\n');
    }
}

/// The lines at the beginning that are further to the right.
fn parts<'l, 't>(lines: &'l [Cow<'t, str>], than: usize) -> &'l [Cow<'t, str>] {
    let count = lines.iter().take_while(|line| indentation(line) > than).count();
    lines.get(..count).unwrap_or_default()
}

fn is_short_root(line: &str) -> bool {
    let root = line.trim_start();
    (1..=STEP).contains(&root.len()) && root.chars().all(|letter| letter.is_ascii_alphabetic())
}

fn is_link(line: &str, at: usize) -> bool {
    indentation(line) == at && line.trim_start().starts_with('.')
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn dedented(line: &str) -> &str {
    line.get(STEP..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::beside_short_roots;

    #[test]
    fn the_first_link_stands_beside_its_root() {
        let text = "wx\n    .v3()\n    .pay()\n    .await?;\n";
        assert_eq!(beside_short_roots(text), "wx.v3()\n    .pay()\n    .await?;\n");
    }

    #[test]
    fn what_is_inside_of_an_only_link_moves_with_it() {
        let text = "list\n    .push(|a| {\n        a\n            .b(1)\n            .c(2)\n    })\nrest\n";
        let expected = "list.push(|a| {\n    a.b(1)\n        .c(2)\n})\nrest\n";
        assert_eq!(beside_short_roots(text), expected);
    }

    #[test]
    fn several_links_stay_aligned_and_long_roots_alone() {
        for text in
            ["a\n    .b(|c| {\n        c.d()\n    })\n    .e()\n", "let a = wx\n    .b();\n"]
        {
            assert_eq!(beside_short_roots(text), text);
        }
    }
}
