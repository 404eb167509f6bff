//! The layout: YAML nodes to lines of text.

use super::node::{Mapping, WrittenNode};
use super::scalar::Context;

/// The longest line with a mapping or a list, in characters. A Chinese character counts as one.
const WIDTH: usize = 100;

/// Lays out a file.
pub(super) fn file(root: &Mapping) -> String {
    let mut text = String::new();
    entries(&mut text, root, 0);
    text
}

/// Writes one entry per line, the first one at the end of the text.
fn entries(text: &mut String, mapping: &Mapping, indent: usize) {
    for (index, (key, value)) in mapping.entries.iter().enumerate() {
        if index > 0 {
            indentation(text, indent);
        }
        key.write(text, Context::Block);
        text.push(':');
        behind_key(text, value, indent);
    }
}

/// Writes one item per line, the first one at the end of the text.
fn items(text: &mut String, items: &[WrittenNode], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            indentation(text, indent);
        }
        text.push('-');
        if !on_this_line(text, item) {
            text.push(' ');
            below(text, item, indent + 2);
        }
    }
}

fn behind_key(text: &mut String, value: &WrittenNode, indent: usize) {
    if !on_this_line(text, value) {
        text.push('\n');
        indentation(text, indent + 2);
        below(text, value, indent + 2);
    }
}

fn below(text: &mut String, value: &WrittenNode, indent: usize) {
    match value {
        WrittenNode::Nothing | WrittenNode::WrittenScalar(_) => {}
        WrittenNode::List(list) => items(text, list, indent),
        WrittenNode::Mapping(mapping) => entries(text, mapping, indent),
    }
}

/// Ends the line with the value, if it fits. Returns whether it does.
fn on_this_line(text: &mut String, value: &WrittenNode) -> bool {
    match value {
        WrittenNode::Nothing => {}
        WrittenNode::WrittenScalar(scalar) => {
            text.push(' ');
            scalar.write(text, Context::Block);
        }
        WrittenNode::List(_) | WrittenNode::Mapping(_) => {
            if !value.is_empty() && !value.may_be_inline() {
                return false;
            }
            let before = text.len();
            text.push(' ');
            inline(text, value);
            if !value.is_empty() && last_line(text).chars().count() > WIDTH {
                text.truncate(before);
                return false;
            }
        }
    }
    text.push('\n');
    true
}

fn inline(text: &mut String, value: &WrittenNode) {
    match value {
        WrittenNode::Nothing => {}
        WrittenNode::WrittenScalar(scalar) => scalar.write(text, Context::Flow),
        WrittenNode::List(list) => {
            text.push('[');
            separated(text, list, inline);
            text.push(']');
        }
        WrittenNode::Mapping(mapping) if mapping.entries.is_empty() => text.push_str("{}"),
        WrittenNode::Mapping(mapping) => {
            text.push_str("{ ");
            separated(text, &mapping.entries, |text, (key, value)| {
                key.write(text, Context::Flow);
                if !matches!(value, WrittenNode::Nothing) {
                    text.push_str(": ");
                    inline(text, value);
                }
            });
            text.push_str(" }");
        }
    }
}

fn separated<T>(text: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write(text, item);
    }
}

fn indentation(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}
