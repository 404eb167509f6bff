use proc_macro2::TokenStream;
use quote::quote;
use wxpay_spec::model::CORE;

use crate::book;

/// The table of the books that the sandbox reads.
pub(crate) fn sandbox(families: &[String]) -> TokenStream {
    let books = families.iter().map(|family| {
        let gate = (family != CORE).then(|| quote! { #[cfg(feature = #family)] });
        let path = book::path(family);
        quote! { #gate (#family, include_bytes!(#path)) }
    });
    quote! {
        #[doc = " What the sandbox knows of each family, compressed."]
        pub(crate) const BOOKS: &[(&str, &[u8])] = &[#(#books,)*];
    }
}
