//! A changed city beside the one that it came from: who stays, who comes, who leaves, and what each of them finds.

pub mod decompose;
