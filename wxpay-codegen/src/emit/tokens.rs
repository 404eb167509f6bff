//! Tokens that several emitters print: docs, samples, gates, paths, types.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

use crate::ir::{Docs, Gate, Ident, ModulePath, Stage, Ty, TypePath};

impl ToTokens for Ident {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let ident = if self.raw {
            proc_macro2::Ident::new_raw(&self.text, Span::call_site())
        } else {
            proc_macro2::Ident::new(&self.text, Span::call_site())
        };
        ident.to_tokens(tokens);
    }
}

impl ToTokens for Docs {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for line in &self.0 {
            let line = doc_text(line);
            tokens.extend(quote! { #[doc = #line] });
        }
    }
}

/// The text of a doc comment's line as an attribute has it.
pub(super) fn doc_text(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}

impl ToTokens for Gate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(condition(self).map(|condition| quote! { #[cfg(#condition)] }));
    }
}

/// Prints the condition of a gate, without `cfg`.
pub(super) fn condition(gate: &Gate) -> Option<TokenStream> {
    let features = gate.0.as_ref()?;
    Some(if features.len() == 1 {
        quote! { #(feature = #features)* }
    } else {
        quote! { any(#(feature = #features),*) }
    })
}

/// Prints a sample at the end of a doc comment.
///
/// rustdoc shows the sample as Rust, but does not test it: a thousand samples would take longer to
/// compile than the library. The test runner sees a longer fence around the sample's own fence.
pub(super) fn sample(text: &str) -> Option<TokenStream> {
    let docs = Docs(text.lines().map(str::to_owned).collect());
    (!text.is_empty()).then(|| {
        quote! {
            #[doc = ""]
            #[cfg_attr(doctest, doc = "````text")]
            #[doc = " ```"]
            #docs
            #[doc = " ```"]
        }
    })
}

/// Prints the path of a type relative to a module.
pub(super) fn relative(path: &TypePath, from: &ModulePath) -> TokenStream {
    let module = relative_module(&path.module, from);
    let name = &path.name;
    quote! { #module #name }
}

/// Prints the path of a type relative to the tree's root.
pub(crate) fn from_root(path: &TypePath) -> TokenStream {
    relative(path, &ModulePath::default())
}

/// Prints the path of a module relative to the tree's root, with `::` after each name.
pub(crate) fn module_from_root(module: &ModulePath) -> TokenStream {
    relative_module(module, &ModulePath::default())
}

/// Prints the type of a builder stage relative to a module.
pub(super) fn stage(stage: &Stage, from: &ModulePath) -> TokenStream {
    let companion = relative_module(&stage.companion, from);
    let field = &stage.field;
    quote! { #companion Needs<#companion needs::#field> }
}

/// Prints the path of a module relative to another one, with `::` after each name.
fn relative_module(module: &ModulePath, from: &ModulePath) -> TokenStream {
    let (names, from) = (module.names(), from.names());
    let common = names.iter().zip(from).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(common).map(|_| quote! { super:: });
    let down = names.iter().skip(common);
    quote! { #(#up)* #(#down ::)* }
}

/// Prints the Rust type of a value.
pub(super) fn ty(ty: &Ty, from: &ModulePath) -> TokenStream {
    match ty {
        Ty::String => quote! { ::std::string::String },
        Ty::Integer => quote! { i64 },
        Ty::Number => quote! { f64 },
        Ty::Boolean => quote! { bool },
        Ty::Timestamp => quote! { ::wxpay_api::codegen::Timestamp },
        Ty::Secret => quote! { ::wxpay_api::codegen::Secret },
        Ty::SecretBytes => quote! { ::wxpay_api::codegen::SecretBytes },
        Ty::Json => quote! { ::wxpay_api::codegen::Json },
        Ty::File => quote! { ::wxpay_api::codegen::File },
        Ty::Enum(path) | Ty::Object { path, .. } => relative(path, from),
        Ty::List(item) => {
            let item = self::ty(item, from);
            quote! { ::std::vec::Vec<#item> }
        }
    }
}
