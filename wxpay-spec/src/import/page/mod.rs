//! Reads documentation pages of the community's site: Markdown around TypeScript declarations.

mod parse;
mod read;

use std::collections::BTreeMap;

use crate::model::{Endpoint, Families, Method};
use parse::{Code, FrontMatter, Markdown, Remarks};

use super::budget::{Budget, check_size};
use super::{ImportError, Imported};

/// The largest page, in bytes. The largest of the site has 60 KiB.
const PAGE: usize = 512 * 1024;

/// Reads a documentation page of the community's site.
///
/// Such a page has a front matter with the official name, links to the official pages, and blocks of
/// the kind `js twoslash`. A block declares namespaces such as
/// `WeChatPay.OpenAPI.V3.Pay.Refunds.PostHttpMethod` with `RequestConfig`, `JsonDataRequest` and
/// `WellformedResponse`, and shows a sample call.
///
/// The namespace gives the URL and the method, the sample gives examples, and the comment beside a
/// member gives its title. A `number` is an integer, as in nearly all of APIv3. Everything else that
/// a descriptor cannot say is a [`super::Remark`] with its line and column.
///
/// # Errors
///
/// [`ImportError`] if the text is not such a page, if its front matter or TypeScript is invalid, or if
/// it is too large, with all its types written out.
pub fn read_page(text: &str, families: &Families) -> Result<Imported, ImportError> {
    check_size(text, PAGE, "a page")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    check_letters(text)?;
    let remarks = Remarks::default();
    let budget = Budget::new(text.len());
    let page = Markdown::parse(text, &remarks);
    let front = FrontMatter::read(&page.front_matter, &remarks)?;
    let mut blocks = Vec::new();
    for block in &page.blocks {
        blocks.push(Code::parse(block, &remarks, &budget)?);
    }
    let endpoints = read::endpoints(&blocks, &front, &page.links, families);
    if endpoints.is_empty() {
        return Err(ImportError::new(
            "not a page with an operation of APIv3: expected a block ```js twoslash with \
             `namespace WeChatPay.OpenAPI.V3.….PostHttpMethod { … }`",
        ));
    }
    budget.finish()?;
    page.remark_prose(&front.title, &remarks);
    let descriptions = descriptions(&endpoints, &front, &remarks);
    drop(blocks);
    let remarks = remarks.into_list();
    Ok(Imported { endpoints, descriptions, remarks, ..Imported::default() })
}

/// Refuses control characters, which no page has.
fn check_letters(text: &str) -> Result<(), ImportError> {
    let is_wrong = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    let Some((before, wrong)) =
        text.find(is_wrong).and_then(|at| Some((text.get(..at)?, text.get(at..)?.chars().next()?)))
    else {
        return Ok(());
    };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let wrong = u32::from(wrong);
    Err(ImportError::at(line, column, format!("a control character (U+{wrong:04X}): not a page")))
}

/// The page's description, for its only operation.
fn descriptions(
    endpoints: &[Endpoint],
    front: &FrontMatter,
    remarks: &Remarks,
) -> BTreeMap<(String, Method), String> {
    let all = endpoints.iter().flat_map(|endpoint| {
        endpoint.operations.keys().map(|method| (endpoint.path.clone(), *method))
    });
    let Some(description) = &front.description else { return BTreeMap::new() };
    match all.collect::<Vec<_>>().as_slice() {
        [only] => BTreeMap::from([(only.clone(), description.clone())]),
        _ => {
            let what = "the description of several operations: left out";
            remarks.add((1, 1), format!("{what}: {description}"));
            BTreeMap::new()
        }
    }
}
