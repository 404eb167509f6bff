//! Finds the words for rustdoc's search in the titles of products.
//!
//! rustdoc compares an alias with the reader's whole input. A reader types 投诉, but the product's
//! title is 消费者投诉. In Chinese the important noun comes last and mostly has two characters. The
//! last two characters of a title's part are therefore a word, if other titles confirm it.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::Spec;

use crate::markdown::one_line;

/// The separators between the parts of a title.
const JOINTS: &[char] = &['与', '和', '及', '、', '，', '/', ' '];

/// The number of characters of a word at the end of a part.
const WORD: usize = 2;

/// The number of results that rustdoc shows. A word of more operations, such as 查询, is useless.
const MOST: usize = 200;

/// The search words of all products.
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

    /// The words of a product: its title, the title's parts, and the last words of these parts.
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

    /// The words in an operation's title.
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

/// The last two characters of a longer part, if they are Chinese.
fn last_word(part: &str) -> Option<String> {
    let before = part.chars().count().checked_sub(WORD).filter(|before| *before > 0)?;
    let word: String = part.chars().skip(before).collect();
    word.chars().all(is_chinese).then_some(word)
}

/// Whether a text is a word: it begins a title, or it follows different characters in two titles.
/// 付通 always follows 收 and is therefore no word.
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

/// A text as an alias for rustdoc's search, without the letters that an alias must not have.
pub(in crate::lower) fn label(plain: &str) -> Option<String> {
    let label = one_line(plain).replace(['"', '\''], "");
    let label = label.trim();
    (!label.is_empty()).then(|| label.to_owned())
}
