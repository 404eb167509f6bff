use super::Build;

/// A list of objects under construction: each element is built by a closure, like the request
/// itself.
#[derive(Clone, Debug)]
pub struct List<T>(Vec<T>);

impl<T> List<T> {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an element that was made elsewhere.
    #[must_use]
    pub fn append(mut self, element: T) -> Self {
        self.0.push(element);
        self
    }

    /// Adds elements that were made elsewhere.
    #[must_use]
    pub fn extend(mut self, elements: impl IntoIterator<Item = T>) -> Self {
        self.0.extend(elements);
        self
    }
}

impl<T: Build> List<T> {
    /// Adds an element.
    #[must_use]
    pub fn push(self, element: impl FnOnce(T::Start) -> T) -> Self {
        self.append(element(T::start()))
    }

    /// Adds one element per item.
    #[must_use]
    pub fn each<I: IntoIterator>(
        self,
        items: I,
        mut element: impl FnMut(T::Start, I::Item) -> T,
    ) -> Self {
        items.into_iter().fold(self, |list, item| list.append(element(T::start(), item)))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        list.0
    }
}

/// Lets lists build elements of a generated type, from the first stage of its builder on: the
/// companion module and the first required field name it.
#[macro_export]
#[doc(hidden)]
macro_rules! __listed {
    ($name:ident) => {
        $crate::__listed!(@start $name, Self);
    };
    ($name:ident, $companion:ident, $field:ident) => {
        $crate::__listed!(@start $name, $companion::Needs<$companion::needs::$field>);
    };
    (@start $name:ident, $start:ty) => {
        impl $crate::codegen::Build for $name {
            type Start = $start;

            #[inline]
            fn start() -> Self::Start {
                Self::builder()
            }
        }
    };
}
