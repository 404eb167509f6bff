//! The words by which rustdoc's search finds a product, from the titles of products.
//!
//! rustdoc compares an alias with the whole of what a reader types. A reader types 投诉, and the product
//! is called 消费者投诉. Chinese puts the noun that matters last and mostly in two characters, so that
//! the last two of a title's part are a word, if other titles agree that it is one.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::Spec;

use crate::markdown::one_line;

/// What joins the parts of a title.
const JOINTS: &[char] = &['与', '和', '及', '、', '，', '/', ' '];

/// The characters of a word at the end of a part.
const WORD: usize = 2;

/// As many results does rustdoc show. A word of more operations, such as 查询, finds nothing.
const MOST: usize = 200;

/// The words of all products.
#[derive(Debug, Default)]
pub(in crate::lower) struct SearchWords(BTreeSet<String>);

impl SearchWords {
    pub(in crate::lower) fn of(spec: &Spec) -> Self {
        let operations = spec.endpoints.values().flat_map(|endpoint| endpoint.operations.values());
        let operations: Vec<_> = operations.map(|operation| operation.title.as_str()).collect();
        let products = spec.families.by_name.values().map(|family| family.title.as_str());
        let products: Vec<_> = products.collect();
        let titles = || products.iter().chain(&operations).copied();
        let mut words: BTreeMap<String, bool> = BTreeMap::new();
        for part in products.iter().flat_map(|title| parts(title)) {
            words.insert(part.clone(), true);
            if let Some(word) = last_word(&part) {
                words.entry(word).or_default();
            }
        }
        words.retain(|word, is_part| {
            let found = operations.iter().filter(|title| title.contains(word.as_str())).count();
            found <= MOST && (*is_part || is_word(word, titles()))
        });
        Self(words.into_keys().collect())
    }

    /// The words of a product: its title, the title's parts, and what ends them.
    pub(in crate::lower) fn of_product(&self, title: &str) -> Vec<String> {
        let mut words: Vec<String> = label(title).into_iter().collect();
        for part in parts(title) {
            let word = last_word(&part).filter(|word| self.0.contains(word));
            for word in [Some(part), word].into_iter().flatten() {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// The words that an operation's title has.
    pub(in crate::lower) fn in_title<'w>(
        &'w self,
        title: &'w str,
    ) -> impl Iterator<Item = &'w str> {
        self.0.iter().map(String::as_str).filter(move |word| title.contains(*word))
    }
}

fn parts(title: &str) -> impl Iterator<Item = String> + '_ {
    title.split(JOINTS).filter_map(label)
}

/// The end of a part that is longer, where it is Chinese.
fn last_word(part: &str) -> Option<String> {
    let before = part.chars().count().checked_sub(WORD).filter(|before| *before > 0)?;
    let word: String = part.chars().skip(before).collect();
    word.chars().all(is_chinese).then_some(word)
}

/// Whether a text begins a title, or follows different characters in two: 付通 follows 收 alone and is no
/// word.
fn is_word<'t>(text: &str, titles: impl Iterator<Item = &'t str>) -> bool {
    let mut before = BTreeSet::new();
    for title in titles {
        before.extend(
            title
                .match_indices(text)
                .map(|(at, _)| title.get(..at).and_then(|before| before.chars().next_back())),
        );
    }
    before.len() > 1
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// A text for the documentation's search; some letters are not allowed in one.
pub(in crate::lower) fn label(plain: &str) -> Option<String> {
    let label = one_line(plain).replace(['"', '\''], "");
    let label = label.trim();
    (!label.is_empty()).then(|| label.to_owned())
}
