//! Reads documentation pages of the community's site: Markdown around TypeScript declarations.

mod parse;
mod read;

use crate::model::Families;
use parse::{Code, FrontMatter, Markdown, Remarks};

use super::{ImportError, Imported};

/// Reads a documentation page of the community's site.
///
/// Such a page has a front matter with the official name, links to the official pages, and blocks of
/// the kind `js twoslash`. A block declares namespaces such as
/// `WeChatPay.OpenAPI.V3.Pay.Refunds.PostHttpMethod` with `RequestConfig`, `JsonDataRequest` and
/// `WellformedResponse`, and shows a sample call.
///
/// The namespace gives the URL and the method, the sample gives examples, and the comment beside a
/// member gives its title. A `number` is an integer, as in nearly all of APIv3. Everything else that
/// a descriptor cannot say is a [`super::Remark`] with its line.
///
/// # Errors
///
/// [`ImportError`] if the text is not such a page, or if its front matter or TypeScript is invalid.
pub fn read_page(text: &str, families: &Families) -> Result<Imported, ImportError> {
    let remarks = Remarks::default();
    let page = Markdown::parse(text, &remarks);
    let front = FrontMatter::read(&page.front_matter, &remarks)?;
    let mut blocks = Vec::new();
    for block in &page.blocks {
        blocks.push(Code::parse(block, &remarks)?);
    }
    let endpoints = read::endpoints(&blocks, &front, &page.links, families);
    if endpoints.is_empty() {
        return Err(ImportError::new(
            "not a page with an operation of APIv3: expected a block ```js twoslash with \
             `namespace WeChatPay.OpenAPI.V3.….PostHttpMethod { … }`",
        ));
    }
    page.remark_prose(&front.title, &remarks);
    Ok(Imported { endpoints, remarks: remarks.into_list(), ..Imported::default() })
}
