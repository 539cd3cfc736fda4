//! Choices by their names.

use commonground::scores::Kernel;
use commonground::{Error, ErrorKind, Result};

/// The choice with a name, or an error that lists the choices.
pub(crate) fn wanted<T>(name: &str, named: impl Fn(&str) -> Option<T>, choices: &[&str]) -> Result<T> {
    named(name).ok_or_else(|| {
        Error::new(ErrorKind::Parameter, format!("there is no `{name}`"))
            .hint(format!("choose one of {}", choices.join(", ")))
    })
}

pub(crate) fn kernel_named(name: &str) -> Result<Kernel> {
    wanted(name, Kernel::named, &Kernel::ALL.map(Kernel::name))
}
