/// A doc comment, one Markdown line per entry.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Docs(pub(crate) Vec<String>);

impl Docs {
    /// A comment of paragraphs, each already Markdown and on one line or several.
    pub(crate) fn new(paragraphs: impl IntoIterator<Item = String>) -> Self {
        let mut lines = Vec::new();
        for paragraph in paragraphs.into_iter().filter(|text| !text.is_empty()) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(paragraph.lines().map(str::to_owned));
        }
        Self(lines)
    }

    pub(crate) fn line(text: impl Into<String>) -> Self {
        Self::new([text.into()])
    }
}
