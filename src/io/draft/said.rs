//! What is asked, what was guessed, and what was left out.

/// Something that no file says, with what could be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question, as a sentence.
    pub text: String,
    /// What could be meant, each in words.
    pub choices: Vec<String>,
    /// The choice that is taken where nobody answers: the safest.
    pub safest: usize,
}

/// What a file was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Guess {
    /// The table of `study.toml`: `homes`, `services`.
    pub layer: String,
    /// The file, from the folder.
    pub file: String,
    /// Why, and which columns.
    pub why: String,
}

/// A file that no table names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The file, from the folder.
    pub file: String,
    /// The reason.
    pub why: String,
}
