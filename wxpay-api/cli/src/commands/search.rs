//! Finds operations by URL, name or field.

mod score;

use clap::Args;
use serde_json::json;

use crate::catalogue::Catalogue;
use crate::output::{Failure, Output};
use crate::terminal::{DIM, FACT, NAME, Page, styled};
use score::{Hit, suggestions};

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct SearchArguments {
    /// Parts of a URL, Chinese or English names, products, field names, error codes, event types. Each must match.
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// The most results.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
}

pub(crate) async fn run(arguments: SearchArguments, output: &mut Output) -> Result<(), Failure> {
    let SearchArguments { words, limit } = arguments;
    let catalogue = Catalogue::get()?;
    let hits = score::search(catalogue, &words)?;
    if hits.is_empty() {
        return Err(nothing(catalogue, &words)?);
    }
    let shown: Vec<_> = hits.iter().take(limit).collect();
    let results: Vec<_> = shown.iter().map(|hit| hit.json()).collect();
    output.value(&json!({ "total": hits.len(), "results": results }))?;
    let mut page = Page::new();
    for hit in &shown {
        write(&mut page, hit);
    }
    if hits.len() > shown.len() {
        let more = hits.len() - shown.len();
        page.line(styled(
            DIM,
            &format!("… and {more} more; add a word, or --limit {}", hits.len()),
        ));
    }
    for line in page.lines {
        output.line(line)?;
    }
    Ok(())
}

fn write(page: &mut Page, hit: &Hit) {
    page.hanging(0, &format!("{}  ", styled(NAME, &hit.subject.name())), hit.subject.title());
    for place in &hit.places {
        page.text(4, &styled(FACT, place));
    }
}

fn nothing(catalogue: &'static Catalogue, words: &[String]) -> Result<Failure, Failure> {
    let suggestions = suggestions(catalogue, words)?;
    let words = words.join(" ");
    let message = match suggestions.is_empty() {
        true => format!("nothing matches `{words}`"),
        false => format!("nothing matches `{words}`; did you mean {}?", suggestions.join(", ")),
    };
    Ok(Failure::new(message).detail(json!({ "suggestions": suggestions })))
}
