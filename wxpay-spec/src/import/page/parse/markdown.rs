//! A page taken apart: front matter, blocks of TypeScript, links and prose.

use std::collections::{BTreeSet, HashMap};

use pulldown_cmark::{CodeBlockKind, Event, MetadataBlockKind, Options, Parser, Tag, TagEnd};
use serde_yaml::{Mapping, Value};

use super::Remarks;
use crate::import::ImportError;

/// The hosts of the official documentation.
const OFFICIAL: [&str; 2] = ["pay.weixin.qq.com/", "pay.wechatpay.cn/"];

/// Returns the URL of an official page; `None` for everything else.
pub(in crate::import::page) fn official(url: &str) -> Option<String> {
    let place = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let is_page = OFFICIAL.iter().any(|host| place.starts_with(host));
    let is_plain = !place.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    (is_page && is_plain).then(|| format!("https://{place}"))
}

/// The parts of a page.
#[derive(Debug, Default)]
pub(in crate::import::page) struct Markdown {
    /// The text between the first two `---`.
    pub(in crate::import::page) front_matter: String,
    /// The TypeScript.
    pub(in crate::import::page) blocks: Vec<Block>,
    /// The official pages that are linked.
    pub(in crate::import::page) links: Vec<String>,
    known: BTreeSet<String>,
    prose: Vec<(usize, String)>,
}

/// A fenced block with TypeScript.
#[derive(Debug, Default)]
pub(in crate::import::page) struct Block {
    /// The line of its first line of code, from 1.
    pub(in crate::import::page) line: usize,
    pub(in crate::import::page) text: String,
}

/// The part of a page that the parser is in.
#[derive(Debug)]
enum Inside {
    FrontMatter,
    Block(Block),
    Prose(usize, String),
    Skipped,
}

impl Markdown {
    pub(in crate::import::page) fn parse(text: &str, remarks: &Remarks) -> Self {
        let mut page = Self::default();
        let mut inside = Inside::Skipped;
        let lines = Lines::new(text);
        let events = Parser::new_ext(text, Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);
        for (event, range) in events.into_offset_iter() {
            let line = lines.of(range.start);
            match event {
                Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle)) if line == 1 => {
                    inside = Inside::FrontMatter;
                }
                Event::Start(Tag::CodeBlock(kind)) => inside = opened(&kind, line, remarks),
                Event::End(TagEnd::CodeBlock) => {
                    if let Inside::Block(block) = std::mem::replace(&mut inside, Inside::Skipped) {
                        page.blocks.push(block);
                    }
                }
                Event::Start(
                    Tag::Paragraph
                    | Tag::Heading { .. }
                    | Tag::Item
                    | Tag::HtmlBlock
                    | Tag::MetadataBlock(_),
                ) => {
                    page.end_prose(std::mem::replace(
                        &mut inside,
                        Inside::Prose(line, String::new()),
                    ));
                }
                Event::End(
                    TagEnd::Paragraph
                    | TagEnd::Heading(_)
                    | TagEnd::Item
                    | TagEnd::HtmlBlock
                    | TagEnd::MetadataBlock(_),
                ) => page.end_prose(std::mem::replace(&mut inside, Inside::Skipped)),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.link(&dest_url, line, remarks);
                }
                Event::Text(text)
                | Event::Code(text)
                | Event::Html(text)
                | Event::InlineHtml(text) => {
                    page.text(&mut inside, &text);
                }
                Event::SoftBreak | Event::HardBreak => page.text(&mut inside, " "),
                _ => {}
            }
        }
        page
    }

    fn text(&mut self, inside: &mut Inside, text: &str) {
        match inside {
            Inside::FrontMatter => self.front_matter.push_str(text),
            Inside::Block(block) => block.text.push_str(text),
            Inside::Prose(_, prose) => prose.push_str(text),
            Inside::Skipped => {}
        }
    }

    fn end_prose(&mut self, inside: Inside) {
        if let Inside::Prose(line, text) = inside {
            self.prose.push((line, text));
        }
    }

    fn link(&mut self, url: &str, line: usize, remarks: &Remarks) {
        let Some(page) = official(url) else {
            let what = format!("the link to `{url}` is not an official page: left out");
            remarks.add((line, 1), what);
            return;
        };
        if self.known.insert(page.clone()) {
            self.links.push(page);
        }
    }

    /// Remarks prose other than the title and the words of links.
    pub(in crate::import::page) fn remark_prose(&self, title: &str, remarks: &Remarks) {
        for (line, text) in &self.prose {
            let text = without_templates(text);
            let text = WORDS_OF_LINKS.iter().fold(text, |text, words| text.replace(words, ""));
            let text = text.trim();
            if text != title && text.chars().any(char::is_alphanumeric) {
                remarks.add((*line, 1), format!("prose: left out: {text}"));
            }
        }
    }
}

/// The words around the links to the official pages.
const WORDS_OF_LINKS: [&str; 2] = ["官方文档", "参阅"];

fn opened(kind: &CodeBlockKind<'_>, line: usize, remarks: &Remarks) -> Inside {
    let info = match kind {
        CodeBlockKind::Fenced(info) => info,
        CodeBlockKind::Indented => "",
    };
    if info.split([' ', '{', ':']).any(|word| word == "twoslash") {
        return Inside::Block(Block { line: line + 1, text: String::new() });
    }
    let what = if info.is_empty() { "a block of code" } else { info };
    remarks.add((line, 1), format!("not a block with types (`twoslash`): left out: {what}"));
    Inside::Skipped
}

/// Removes `{{ … }}`, which the site fills in, and `{#…}`, which names a heading.
fn without_templates(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        kept.push_str(before);
        let end = if after.starts_with('{') { "}}" } else { "}" };
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// The start of each line of a text.
#[derive(Debug)]
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(breaks.map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, from 1.
    fn of(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte) + 1
    }
}

/// Keys about the look of the site, which say nothing about an operation.
const LOOK: [&str; 10] = [
    "aside",
    "editLink",
    "head",
    "lang",
    "lastUpdated",
    "layout",
    "next",
    "outline",
    "prev",
    "sidebar",
];

/// The facts at the top of a page.
#[derive(Debug, Default)]
pub(in crate::import::page) struct FrontMatter {
    /// The official name, empty if the page gives none.
    pub(in crate::import::page) title: String,
    /// What the operation is for.
    pub(in crate::import::page) description: Option<String>,
}

impl FrontMatter {
    pub(in crate::import::page) fn read(
        text: &str,
        remarks: &Remarks,
    ) -> Result<Self, ImportError> {
        let mut front = Self::default();
        let lines: HashMap<&str, usize> = text
            .lines()
            .enumerate()
            .filter_map(|(at, line)| Some((line.split_once(':')?.0, at)))
            .collect();
        for (key, value) in mapping(text)? {
            let key = shown(&key);
            let value = shown(&value);
            if key == "title" {
                front.title = value;
            } else if key == "description" {
                front.description = Some(value).filter(|value| !value.is_empty());
            } else if !LOOK.contains(&key.as_str()) {
                let what = format!("unknown key `{key}`: left out: {value}");
                // The front matter begins on line 2 of the page.
                let line = lines.get(key.as_str()).copied().unwrap_or_default() + 2;
                remarks.add((line, 1), what);
            }
        }
        Ok(front)
    }
}

/// The longest front matter, in bytes. The parser takes quadratic time for nested brackets.
const FRONT_MATTER: usize = 8 * 1024;

fn mapping(text: &str) -> Result<Mapping, ImportError> {
    if text.trim().is_empty() {
        return Ok(Mapping::new());
    }
    if text.len() > FRONT_MATTER {
        let message = format!("the front matter may have {FRONT_MATTER} bytes");
        return Err(ImportError::at(1, 1, message));
    }
    serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        let why = error.to_string();
        // The error has its place in the front matter, not in the page.
        let why = why.split(" at line ").next().unwrap_or_default();
        ImportError::at(line + 1, column, format!("the front matter is not a YAML mapping: {why}"))
    })
}

/// A value on one line.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
