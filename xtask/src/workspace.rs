use std::path::{Path, PathBuf};

/// The folders of the workspace that tasks read and write.
pub(crate) struct Workspace(PathBuf);

impl Workspace {
    /// The workspace at `root`, or the one this program was built from.
    pub(crate) fn at(root: Option<PathBuf>) -> Self {
        let own = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
        Self(root.or_else(own).unwrap_or_default())
    }

    /// A path below the root, given with `/`.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.0.clone(), |path, part| path.join(part))
    }

    /// A path below the root as a person reads it.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.0).unwrap_or(path).display()
    }

    /// Where the descriptors are.
    pub(crate) fn descriptors(&self) -> PathBuf {
        self.path("wxpay-spec")
    }
}
