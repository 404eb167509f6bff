//! What macros contribute: the listing does not expand them, it shows what is given to them and what they declare.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::text;

/// The public declarations and the implementations in a macro's definition, one line each.
pub(crate) fn declarations(definition: &TokenStream) -> Vec<String> {
    let mut lines = Vec::new();
    search(definition, &mut lines);
    lines.sort();
    lines.dedup();
    lines
}

fn search(stream: &TokenStream, lines: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => search(&group.stream(), lines),
            TokenTree::Ident(ident) if ident == "pub" || ident == "impl" => {
                let rest = tokens.get(at..).unwrap_or_default();
                let is_restricted = matches!(rest.get(1), Some(TokenTree::Group(_)));
                if !(ident == "pub" && is_restricted) {
                    lines.extend(declaration(rest));
                }
            }
            _ => {}
        }
    }
}

/// The tokens up to the body; none where `pub` is part of a pattern.
fn declaration(tokens: &[TokenTree]) -> Option<String> {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        _ => false,
    };
    let end = tokens.iter().position(is_end).unwrap_or(tokens.len());
    let head = tokens.get(..end)?;
    (head.len() > 1).then(|| text::tokens(head.iter().cloned()))
}

/// What a call is given, one line for each of its parts: fields of a struct are on lines of their own.
pub(crate) fn arguments(given: &TokenStream) -> Vec<String> {
    let mut lines = Vec::new();
    split(given, "", &mut lines);
    lines
}

fn split(stream: &TokenStream, before: &str, lines: &mut Vec<String>) {
    let mut part: Vec<TokenTree> = Vec::new();
    for token in without_docs(stream) {
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => {
                end(&mut part, before, lines);
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let head = text::tokens(part.drain(..));
                let head = format!("{before}{head}");
                lines.push(head.clone());
                split(&group.stream(), &format!("{head}: "), lines);
            }
            _ => part.push(token),
        }
    }
    end(&mut part, before, lines);
}

fn end(part: &mut Vec<TokenTree>, before: &str, lines: &mut Vec<String>) {
    if !part.is_empty() {
        lines.push(format!("{before}{}", text::tokens(part.drain(..))));
    }
}

/// The tokens without attributes, which are documentation for the most part.
fn without_docs(stream: &TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    let mut all = stream.clone().into_iter().peekable();
    while let Some(token) = all.next() {
        let is_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        let follows = all.peek().is_some_and(|next| {
            matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
        });
        if is_hash && follows {
            all.next();
        } else {
            tokens.push(token);
        }
    }
    tokens
}
