//! The lines of one item: itself, its public fields, its variants, a trait's members.

use syn::{Fields, Item, ItemEnum, ItemStruct, ItemTrait, TraitItem};

use super::modules::{attributes, is_public};
use super::names::line;
use super::text;

/// What a caller sees of an item that is named `path`.
pub(crate) fn lines(path: &str, item: &Item, gates: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    match item {
        Item::Const(item) => lines.push(format!("{path}: const {}", text::ty(&item.ty))),
        Item::Static(item) => lines.push(format!("{path}: static {}", text::ty(&item.ty))),
        Item::Type(item) => {
            let generics = text::generics(&item.generics);
            lines.push(format!("{path}{generics} = {}", text::ty(&item.ty)));
        }
        Item::Fn(item) => lines.push(format!("{path}{}", text::signature(&item.sig))),
        Item::Struct(item) => of_struct(path, item, &mut lines),
        Item::Enum(item) => of_enum(path, item, &mut lines),
        Item::Trait(item) => of_trait(path, item, &mut lines),
        _ => {}
    }
    let hidden = if text::is_hidden(attributes(item)) { ", hidden" } else { "" };
    lines.iter().map(|text| line(text, hidden, gates)).collect()
}

fn of_struct(path: &str, item: &ItemStruct, lines: &mut Vec<String>) {
    // A caller may take such a struct apart and build it, so that one more field breaks that.
    let is_open = item.fields.iter().all(|field| is_public(&field.vis))
        && !text::has(&item.attrs, "non_exhaustive");
    let kind = if is_open { "struct, exhaustive" } else { "struct" };
    lines.push(format!("{path}{}: {kind}", text::generics(&item.generics)));
    for (number, field) in item.fields.iter().enumerate() {
        if is_public(&field.vis) {
            let name = field.ident.as_ref().map_or_else(|| number.to_string(), ToString::to_string);
            lines.push(format!("{path}.{name}: {}", text::ty(&field.ty)));
        }
    }
}

fn of_enum(path: &str, item: &ItemEnum, lines: &mut Vec<String>) {
    let is_open = !text::has(&item.attrs, "non_exhaustive");
    let kind = if is_open { "enum, exhaustive" } else { "enum" };
    lines.push(format!("{path}{}: {kind}", text::generics(&item.generics)));
    for variant in &item.variants {
        let types = variant.fields.iter().map(|field| {
            let name = field.ident.as_ref().map(|ident| format!("{ident}: ")).unwrap_or_default();
            format!("{name}{}", text::ty(&field.ty))
        });
        let types = types.collect::<Vec<_>>().join(", ");
        let fields = match variant.fields {
            Fields::Unit => String::new(),
            Fields::Unnamed(_) => format!("({types})"),
            Fields::Named(_) => format!(" {{ {types} }}"),
        };
        let growing =
            if text::has(&variant.attrs, "non_exhaustive") { ", non-exhaustive" } else { "" };
        let text = format!("{path}::{}{fields}{growing}", variant.ident);
        lines.push(line(&text, "", &text::gates(&variant.attrs)));
    }
}

fn of_trait(path: &str, item: &ItemTrait, lines: &mut Vec<String>) {
    let bounds = text::bounds(&item.supertraits);
    lines.push(format!("{path}{}: trait{bounds}", text::generics(&item.generics)));
    for member in &item.items {
        let (text, attributes) = match member {
            TraitItem::Fn(item) => {
                let provided = if item.default.is_some() { ", provided" } else { "" };
                let signature = text::signature(&item.sig);
                (format!("{path}::{}{signature}{provided}", item.sig.ident), &item.attrs)
            }
            TraitItem::Const(item) => {
                let provided = if item.default.is_some() { ", provided" } else { "" };
                let ty = text::ty(&item.ty);
                (format!("{path}::{}: const {ty}{provided}", item.ident), &item.attrs)
            }
            TraitItem::Type(item) => {
                let bounds = text::bounds(&item.bounds);
                (format!("{path}::{}: type{bounds}", item.ident), &item.attrs)
            }
            _ => continue,
        };
        let hidden = if text::is_hidden(attributes) { ", hidden" } else { "" };
        lines.push(line(&text, hidden, &text::gates(attributes)));
    }
}
