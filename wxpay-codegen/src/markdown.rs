//! Writes plain text as Markdown that shows the same text.

/// A text as Markdown. Addresses become links, and what stands between two backticks is code;
/// everything else is escaped.
pub(crate) fn text(plain: &str) -> String {
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(line).collect::<Vec<_>>().join("\n")
}

/// A text as one line of Markdown, with links for addresses.
pub(crate) fn inline(plain: &str) -> String {
    line(&one_line(plain))
}

/// A text as code. It may contain backticks.
pub(crate) fn code(plain: &str) -> String {
    let plain = one_line(plain);
    let fence = "`".repeat(longest_run(&plain, '`') + 1);
    let touches = |side: Option<char>| matches!(side, None | Some('`'));
    let pad = touches(plain.chars().next()) || touches(plain.chars().next_back());
    let space = if pad { " " } else { "" };
    format!("{fence}{space}{plain}{space}{fence}")
}

/// An address as a link.
pub(crate) fn link(url: &str) -> String {
    let url: String = url.chars().filter(|letter| is_url_char(*letter)).collect();
    format!("<{url}>")
}

/// A plain text on one line. It loses the characters that change the direction of writing, because
/// the compiler refuses them in comments.
pub(crate) fn one_line(plain: &str) -> String {
    let visible: String = plain.chars().filter(|letter| !changes_direction(*letter)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line(plain: &str) -> String {
    let plain = one_line(plain);
    let mut out = String::with_capacity(plain.len() + 8);
    let mut rest = plain.as_str();
    let mut previous = None;
    while let Some(letter) = rest.chars().next() {
        if let Some(length) = url_length(rest) {
            let (url, after) = rest.split_at(length);
            out.push_str(&link(url));
            (rest, previous) = (after, url.chars().next_back());
            continue;
        }
        if let Some((inner, after)) = code_span(rest) {
            out.push_str(&code(inner));
            (rest, previous) = (after, Some('`'));
            continue;
        }
        rest = rest.strip_prefix(letter).unwrap_or_default();
        if needs_escape(previous, letter, rest, starts_list(&plain, &out)) {
            out.push('\\');
        }
        out.push(letter);
        previous = Some(letter);
    }
    out
}

fn needs_escape(previous: Option<char>, letter: char, rest: &str, after_number: bool) -> bool {
    let next = rest.chars().next();
    let is_word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
    match letter {
        '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' => true,
        '_' => !(is_word(previous) && is_word(next)),
        '&' => next.is_some_and(|c| c.is_ascii_alphabetic() || c == '#'),
        '#' | '+' | '-' | '=' | ':' => previous.is_none(),
        '.' | ')' => after_number,
        _ => false,
    }
}

/// The code at the beginning of a text, between two single backticks, and what follows it. A bar would
/// end the cell of a table.
fn code_span(rest: &str) -> Option<(&str, &str)> {
    let (inner, after) = rest.strip_prefix('`')?.split_once('`')?;
    let is_code = !inner.is_empty() && inner == inner.trim() && !inner.contains('|');
    (is_code && !after.starts_with('`')).then_some((inner, after))
}

/// Whether the text so far is the number of a list's item.
fn starts_list(plain: &str, so_far: &str) -> bool {
    let digits = !so_far.is_empty() && so_far.chars().all(|letter| letter.is_ascii_digit());
    digits && plain.starts_with(so_far)
}

fn url_length(rest: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme))?;
    let end = rest.find(|letter| !is_url_char(letter)).unwrap_or(rest.len());
    let url = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
    (url.len() > scheme.len()).then_some(url.len())
}

fn is_url_char(letter: char) -> bool {
    letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | '"' | '`' | '\\' | '|' | '^')
}

fn changes_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn longest_run(text: &str, letter: char) -> usize {
    text.split(|other| other != letter).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code, inline, text};

    #[test]
    fn markdown_syntax_is_escaped() {
        let texts = [
            ("a_b _c_ *d*", r"a_b \_c\_ \*d\*"),
            ("[旧] <b> x`", r"\[旧\] \<b\> x\`"),
            ("``x`` ` x`", r"\`\`x\`\` \` x\`"),
            ("# 标题", r"\# 标题"),
            ("12. 条", r"12\. 条"),
            ("第12. 条", "第12. 条"),
            ("&lt; & b", r"\&lt; & b"),
        ];
        for (plain, markdown) in texts {
            assert_eq!(inline(plain), markdown);
        }
    }

    #[test]
    fn text_between_backticks_is_code() {
        assert_eq!(inline("用 `out_trade_no` 查询"), "用 `out_trade_no` 查询");
        assert_eq!(inline("`a|b`"), r"\`a\|b\`");
    }

    #[test]
    fn addresses_become_links() {
        assert_eq!(
            inline("见https://a.cn/b_c，以及http://d."),
            "见<https://a.cn/b_c>，以及<http://d>."
        );
        assert_eq!(inline("https://"), "https://");
    }

    #[test]
    fn lines_stay_lines_and_direction_marks_go() {
        assert_eq!(text(" a \n\n- b\u{202e}"), "a\n\\- b");
    }

    #[test]
    fn code_holds_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("``a`"), "``` ``a` ```");
        assert_eq!(code(""), "`  `");
    }
}
