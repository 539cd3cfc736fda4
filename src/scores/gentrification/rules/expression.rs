//! The small language that definitions are written in: numbers, comparisons, and, or, not.
//!
//! ```text
//! median_income@start < median(median_income@start)
//! at_least(3, renters@y >= 0.5, graduates@y < 0.2, not (rent@y >= 900), housing_for@y == 2)
//! ```

use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::fmt;

/// What a text of the language means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    /// A column or another expression by its name, at dates: `rent@start`, `rent_change@start:end`.
    Name {
        name: String,
        dates: Vec<String>,
    },
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Call {
        function: String,
        arguments: Vec<Expression>,
    },
}

impl Expression {
    /// Adds every name that it uses.
    pub fn add_names<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Number(_) => {}
            Self::Name { name, .. } => _ = names.insert(name),
            Self::Not(inner) | Self::Negative(inner) => inner.add_names(names),
            Self::Binary(_, left, right) => [left, right].iter().for_each(|side| side.add_names(names)),
            Self::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.add_names(names)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operator {
    Or,
    And,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    Plus,
    Minus,
    Times,
    Over,
}

impl Operator {
    /// The operators of each strength, weakest first.
    const LEVELS: [&'static [(&'static str, Operator)]; 5] = [
        &[("or", Self::Or)],
        &[("and", Self::And)],
        // The longer ones first: `<=` is not `<` and a rest.
        &[
            ("<=", Self::LessOrEqual),
            (">=", Self::GreaterOrEqual),
            ("==", Self::Equal),
            ("<", Self::Less),
            (">", Self::Greater),
        ],
        &[("+", Self::Plus), ("-", Self::Minus)],
        &[("*", Self::Times), ("/", Self::Over)],
    ];

    fn level(self) -> usize {
        let has = |level: &&[(&str, Operator)]| level.iter().any(|(_, operator)| *operator == self);
        Self::LEVELS.iter().position(has).expect("every operator has a level")
    }

    /// How it is written.
    pub fn sign(self) -> &'static str {
        let all = Self::LEVELS.iter().copied().flatten();
        all.filter(|(_, operator)| *operator == self).map(|(sign, _)| *sign).next().unwrap_or_default()
    }
}

/// Where comparisons stand among the levels; they do not chain.
const COMPARISON: usize = 2;

/// Reads an expression.
///
/// # Errors
/// [`ErrorKind::Format`] with the text that was not understood.
pub(super) fn parse(text: &str) -> Result<Expression> {
    let mut reader = Reader { text, at: 0 };
    let expression = reader.binary(0)?;
    match reader.rest() {
        "" => Ok(expression),
        rest => Err(reader.wrong(&format!("`{}` is not understood here", first_word(rest)))),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// What is not read yet, behind white space.
    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn wrong(&self, message: &str) -> Error {
        Error::new(ErrorKind::Format, format!("{message}: `{}`", self.text.trim()))
    }

    /// Reads the token if it stands here; a word only where it ends here.
    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest();
        let is_word = token.starts_with(char::is_alphabetic);
        let stands = rest.strip_prefix(token).is_some_and(|rest| !(is_word && rest.starts_with(is_of_name)));
        if stands {
            self.at += token.len();
        }
        stands
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        if self.takes(token) { Ok(()) } else { Err(self.wrong(&format!("a `{token}` is missing"))) }
    }

    fn binary(&mut self, level: usize) -> Result<Expression> {
        let Some(operators) = Operator::LEVELS.get(level) else { return self.unary() };
        if level == COMPARISON && self.takes("not") {
            return Ok(Expression::Not(Box::new(self.binary(level)?)));
        }
        let mut left = self.binary(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.takes(sign)) {
            left = Expression::Binary(*operator, Box::new(left), Box::new(self.binary(level + 1)?));
            if level == COMPARISON {
                break;
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression> {
        if self.takes("-") {
            return Ok(Expression::Negative(Box::new(self.unary()?)));
        }
        if self.takes("(") {
            let inner = self.binary(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        let rest = self.rest();
        if rest.starts_with(|character: char| character.is_ascii_digit()) {
            let end = rest
                .find(|character: char| !character.is_ascii_digit() && character != '.')
                .unwrap_or(rest.len());
            self.at += end;
            let number = rest[..end].parse();
            return number.map(Expression::Number).map_err(|_| self.wrong("a number is not understood"));
        }
        let name = self.name()?;
        if self.takes("(") {
            return Ok(Expression::Call { function: name, arguments: self.arguments()? });
        }
        let mut dates = Vec::new();
        if self.takes("@") {
            dates.push(self.name()?);
            while self.takes(":") {
                dates.push(self.name()?);
            }
        }
        Ok(Expression::Name { name, dates })
    }

    fn arguments(&mut self) -> Result<Vec<Expression>> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.binary(0)?);
            if self.takes(")") {
                return Ok(arguments);
            }
            self.expect(",")?;
        }
    }

    /// A name, or a year as a date.
    fn name(&mut self) -> Result<String> {
        let rest = self.rest();
        let end = rest.find(|character| !is_of_name(character)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.wrong(&format!("a name is missing before `{}`", first_word(rest))));
        }
        self.at += end;
        Ok(rest[..end].to_owned())
    }
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("the end")
}

/// As it would be written, with the brackets that it needs.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name { name, dates } if dates.is_empty() => f.write_str(name),
            Self::Name { name, dates } => write!(f, "{name}@{}", dates.join(":")),
            Self::Not(inner) => write!(f, "not {}", Bracketed(inner, COMPARISON)),
            Self::Negative(inner) => write!(f, "-{}", Bracketed(inner, Operator::LEVELS.len())),
            Self::Binary(operator, left, right) => {
                let level = operator.level();
                write!(f, "{} {} {}", Bracketed(left, level), operator.sign(), Bracketed(right, level + 1))
            }
            Self::Call { function, arguments } => {
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "{function}({})", arguments.join(", "))
            }
        }
    }
}

/// An expression in brackets where it binds weaker than the level around it.
struct Bracketed<'a>(&'a Expression, usize);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expression::Binary(operator, ..) if operator.level() < self.1 => write!(f, "({})", self.0),
            inner => write!(f, "{inner}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_back_means_the_same() {
        for text in [
            "median_income@start < 0.8 * median(median_income@start)",
            "a and (b or c) and not d@2010",
            "(a@x - b@y) / (a@x + b@y) / 2 >= -0.05",
            "at_least(2, a > 1, b == 3, not c) or d",
            "rent_change@start:end <= 5",
            "1 - 2 - 3 < 4",
            "1 - (2 - 3) < 4",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn and_binds_stronger_than_or_and_words_are_whole() {
        assert_eq!(parse("a or b and c").unwrap(), parse("a or (b and c)").unwrap());
        assert_eq!(parse("not a < 1 and b").unwrap(), parse("(not (a < 1)) and b").unwrap());
        let orchard = Expression::Name { name: "orchard".into(), dates: Vec::new() };
        assert_eq!(parse("orchard").unwrap(), orchard);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, word) in [
            ("a < ", "the end"),
            ("(a", "`)` is missing"),
            ("a b", "`b`"),
            ("a < 1 < 2", "`<`"),
            ("f(a,)", "`)`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.kind() == ErrorKind::Format && error.message().contains(word), "{error}");
        }
    }
}
