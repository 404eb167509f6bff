//! Why WeChat would refuse what a front end is given.

use std::error::Error;
use std::fmt;

use serde::Serialize;

use super::kind::FrontEndKind;
use crate::protocol::excerpt::excerpt_of;

/// The most characters of a signed message in an error text.
const SHOWN: usize = 400;

/// Why WeChat would refuse what a front end is given.
///
/// WeChat itself shows the user little more than `fail`. [`problems`](Self::problems) lists what differs, and
/// [`signed_message`](Self::signed_message) is the text that the merchant had to sign.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FrontEndError {
    pub(super) kind: Option<FrontEndKind>,
    pub(super) problems: Vec<FrontEndProblem>,
    pub(super) signed_message: Option<String>,
}

/// One thing that is wrong with what a front end is given.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FrontEndProblem {
    /// The member, such as `package`.
    pub member: String,
    /// What is wrong with it, and what to pass.
    pub issue: String,
}

impl FrontEndProblem {
    pub(super) fn new(member: &str, issue: impl Into<String>) -> Self {
        Self { member: member.to_owned(), issue: issue.into() }
    }
}

impl FrontEndError {
    pub(super) fn unrecognized() -> Self {
        let issue = "no front end of WeChat takes these: pass the object of `wx.requestPayment`, \
                     `getBrandWCPayRequest`, an app, `openBusinessView` or the coupon plugin, or a `code_url` or \
                     `h5_url`";
        let problems = vec![FrontEndProblem::new("parameters", issue)];
        Self { kind: None, problems, signed_message: None }
    }

    /// Returns what the values were read as; `None` if they are of no known kind.
    #[must_use]
    pub fn kind(&self) -> Option<FrontEndKind> {
        self.kind
    }

    /// Returns everything that is wrong.
    #[must_use]
    pub fn problems(&self) -> &[FrontEndProblem] {
        &self.problems
    }

    /// Returns the message that must be signed. It has no secret; the APIv2 key in it is left out.
    #[must_use]
    pub fn signed_message(&self) -> Option<&str> {
        self.signed_message.as_deref()
    }
}

impl fmt::Display for FrontEndError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Some(kind) => write!(formatter, "WeChat would refuse these {kind} parameters: ")?,
            None => formatter.write_str("WeChat would refuse these parameters: ")?,
        }
        for (index, problem) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{problem}")?;
        }
        match &self.signed_message {
            Some(message) => {
                let visible = message.replace('\n', "\\n");
                write!(formatter, "; to be signed is \"{}\"", excerpt_of(&visible, SHOWN))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for FrontEndProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` {}", self.member, self.issue)
    }
}

impl Error for FrontEndError {}
