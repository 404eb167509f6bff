//! Draws a lifecycle as a Mermaid state diagram.

use std::fmt::Write as _;

use wxpay_spec::model::lifecycle::{Act, Lifecycle, Target};

/// An arrow of the diagram, with all that moves a resource along it.
struct Arrow<'a> {
    from: Option<&'a str>,
    to: &'a str,
    labels: Vec<&'a str>,
}

/// Writes the diagram as a block of Markdown.
pub(super) fn of(lifecycle: &Lifecycle) -> String {
    let arrows = arrows(lifecycle);
    let mut text = "\n```mermaid\nstateDiagram-v2\n".to_owned();
    for (name, state) in &lifecycle.states {
        // Writing to a `String` has no way to fail.
        let _ = writeln!(text, "    state \"{name} {}\" as {name}", label(&state.title));
    }
    for arrow in &arrows {
        let from = arrow.from.unwrap_or("[*]");
        let labels: Vec<_> = arrow.labels.iter().map(|text| label(text)).collect();
        let _ = writeln!(text, "    {from} --> {}: {}", arrow.to, labels.join(" / "));
    }
    for (name, _) in &lifecycle.states {
        let leaves = |arrow: &Arrow<'_>| arrow.from == Some(name) && arrow.to != name;
        if !arrows.iter().any(leaves) {
            let _ = writeln!(text, "    {name} --> [*]");
        }
    }
    text + "```\n"
}

/// Leaves out the marks that have a meaning in a diagram.
fn label(text: &str) -> String {
    text.replace([':', ';', '"', '#', '\n'], " ").trim().to_owned()
}

fn arrows(lifecycle: &Lifecycle) -> Vec<Arrow<'_>> {
    let mut arrows = Vec::new();
    for (_, rule) in &lifecycle.operations {
        match &rule.act {
            Act::Creates { to, repeat, .. } => {
                add(&mut arrows, None, to, &rule.title);
                for (state, to) in &repeat.by_state {
                    add(&mut arrows, Some(state), to, &rule.title);
                }
            }
            Act::Finds { from, .. } => {
                from.iter().for_each(|(state, to)| add(&mut arrows, Some(state), to, &rule.title));
            }
            Act::Lists { .. } | Act::Answers => {}
        }
    }
    for (_, event) in &lifecycle.events {
        if let Some(state) = &event.creates {
            add_one(&mut arrows, None, state, &event.title);
        }
        event.from.iter().for_each(|(state, to)| add(&mut arrows, Some(state), to, &event.title));
    }
    if arrows.iter().all(|arrow| arrow.from.is_some())
        && let Some((first, _)) = lifecycle.states.first()
    {
        arrows.insert(
            0,
            Arrow { from: None, to: first, labels: vec!["part of a whole · 随整单创建"] },
        );
    }
    arrows
}

fn add<'a>(arrows: &mut Vec<Arrow<'a>>, from: Option<&'a str>, to: &'a Target, label: &'a str) {
    match to {
        Target::State(state) => add_one(arrows, from, state, label),
        Target::Refuse(_) => {}
        Target::Choice(choices) => {
            choices.iter().for_each(|choice| add(arrows, from, choice, label))
        }
        Target::Case { then, otherwise, .. } => {
            add(arrows, from, then, label);
            add(arrows, from, otherwise, label);
        }
    }
}

fn add_one<'a>(arrows: &mut Vec<Arrow<'a>>, from: Option<&'a str>, to: &'a str, label: &'a str) {
    let same = arrows.iter_mut().find(|arrow| arrow.from == from && arrow.to == to);
    match same {
        Some(arrow) if arrow.labels.contains(&label) => {}
        Some(arrow) => arrow.labels.push(label),
        None => arrows.push(Arrow { from, to, labels: vec![label] }),
    }
}
