//! The YAML parser: text to nodes, with every mistake in the YAML itself.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use super::{Content, MappingEntry, Node, NodeMapping, Position, Scalar};

/// The deepest nesting. The limit bounds every recursion over a tree.
const DEPTH: usize = 32;

/// A mistake in a file's YAML.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) at: Position,
    pub(crate) message: String,
    pub(crate) help: Option<&'static str>,
}

/// Parses a file's only document. Returns its mistakes too; the tree is `None` if it is not YAML.
pub(crate) fn parse(text: &str) -> (Option<Node>, Vec<Mistake>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder { parser: Parser::new_from_str(text), mistakes: Vec::new() };
    let root = builder.document().ok();
    (root, builder.mistakes)
}

/// The rest of the file cannot be parsed; the mistake has been noted.
struct Unreadable;

struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    mistakes: Vec<Mistake>,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Node, Unreadable> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => {
                    self.note(Position::START, "the file is empty", None);
                    return Err(Unreadable);
                }
                (event, span) => {
                    let root = self.node(event, position(span.start), 0)?;
                    self.end()?;
                    return Ok(root);
                }
            }
        }
    }

    /// Reads to the end of the file, where no second document may follow.
    fn end(&mut self) -> Result<(), Unreadable> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), span) => {
                    let help = "move it to its own file: one file holds one descriptor";
                    self.note(
                        position(span.start),
                        "the file holds a second YAML document",
                        Some(help),
                    );
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'a>, at: Position, depth: usize) -> Result<Node, Unreadable> {
        if depth > DEPTH {
            self.note(at, &format!("nested deeper than {DEPTH} levels"), None);
            return Err(Unreadable);
        }
        let content = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(at, anchor, tag.as_ref());
                let plain = style == ScalarStyle::Plain;
                Content::Scalar(Scalar { text: text.into_owned(), plain })
            }
            Event::SequenceStart(anchor, tag) => {
                self.properties(at, anchor, tag.as_ref());
                Content::List(self.list(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.properties(at, anchor, tag.as_ref());
                Content::Mapping(self.mapping(depth)?)
            }
            _ => {
                self.note(
                    at,
                    "YAML aliases are not supported",
                    Some("write the value out where it is used"),
                );
                Content::Broken
            }
        };
        Ok(Node { at, content })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Unreadable> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, position(span.start), depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<NodeMapping, Unreadable> {
        let mut entries = NodeMapping::default();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(entries);
            }
            let key_at = position(span.start);
            let key = self.node(event, key_at, depth + 1)?;
            let value = self.value(key_at, depth)?;
            let Some(key) = self.key(key) else { continue };
            match entries.find(&key).map(|(_, other)| other.key_at.line) {
                Some(line) => {
                    self.note(
                        key_at,
                        &format!("the key `{key}` is already given in line {line}"),
                        None,
                    );
                }
                None => entries.push(MappingEntry { key, key_at, value }),
            }
        }
    }

    /// Reads the value of a key; a missing value has its key's position.
    fn value(&mut self, key_at: Position, depth: usize) -> Result<Node, Unreadable> {
        let (event, span) = self.next()?;
        let missing =
            matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty());
        let at = if missing { key_at } else { position(span.start) };
        self.node(event, at, depth + 1)
    }

    fn key(&mut self, node: Node) -> Option<String> {
        match node.content {
            Content::Scalar(scalar) => Some(scalar.text),
            Content::Broken => None,
            Content::List(_) | Content::Mapping(_) => {
                self.note(node.at, "the key is not a text", None);
                None
            }
        }
    }

    fn properties(&mut self, at: Position, anchor: usize, tag: Option<&Cow<'_, Tag>>) {
        if anchor != 0 {
            self.note(
                at,
                "YAML anchors are not supported",
                Some("write the value out where it is used"),
            );
        }
        if tag.is_some() {
            self.note(
                at,
                "YAML tags are not supported",
                Some("leave the tag out; put a text in quotes"),
            );
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Unreadable> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                self.syntax(&error);
                Err(Unreadable)
            }
            None => {
                self.note(Position::START, "the file ends too early", None);
                Err(Unreadable)
            }
        }
    }

    fn syntax(&mut self, error: &ScanError) {
        let help = "text that holds `: ` or ` #`, or that begins with a mark such as `{`, `[`, `*`, `&`, `@`, `%`, needs quotes";
        self.note(position(*error.marker()), &format!("not YAML: {}", error.info()), Some(help));
    }

    fn note(&mut self, at: Position, message: &str, help: Option<&'static str>) {
        self.mistakes.push(Mistake { at, message: message.to_owned(), help });
    }
}

fn position(marker: Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}
