//! The operators of templates, made calls: minijinja compares a figure with a number by their kinds
//! and adds no figures, and has no hook for it, so that `甲 + 1 > 乙` is read as
//! `__比较(__计算(甲, "+", 1), ">", 乙)`. What the functions do stands in [`super::arithmetic`].

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

pub const COMPARE: &str = "__比较";
pub const COMPUTE: &str = "__计算";
/// A number with decimals, which a float would not hold exactly.
pub const NUMBER: &str = "__数";

/// A template whose operators are calls, and where everything of it was written.
#[derive(Debug)]
pub struct Exact {
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    start: usize,
    written: Range<usize>,
    copied: bool,
}

impl Exact {
    /// Where a range of the new text was written.
    pub fn written(&self, range: Range<usize>) -> Range<usize> {
        let piece = |at: usize| self.pieces.iter().rev().find(|piece| piece.start <= at);
        let start = piece(range.start).map_or(range.start, |it| match it.copied {
            true => it.written.start + (range.start - it.start),
            false => it.written.start,
        });
        let end = piece(range.end.saturating_sub(1)).map_or(range.end, |it| match it.copied {
            true => it.written.start + (range.end - it.start),
            false => it.written.end,
        });
        start..end.max(start)
    }
}

/// The template with calls for operators. What is no template stays as it is, for the engine to say.
pub fn exact(template: &str) -> Exact {
    rewritten(template, false)
}

/// The same for an expression alone.
pub fn exact_expression(expression: &str) -> Exact {
    rewritten(expression, true)
}

fn rewritten(template: &str, alone: bool) -> Exact {
    let mut edits = Edits::default();
    let tokens = tokenize(template, alone, SyntaxConfig::default()).collect::<Result<Vec<_>, _>>();
    for tag in tags(&tokens.unwrap_or_default()) {
        if tag.iter().any(|word| word.kind.changes()) {
            edits.expressions(&tag);
        }
    }
    edits.apply(template)
}

/// A token as far as operators care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    /// What no operand reaches over: a comma, a keyword, `and`.
    Separator,
    Compare(&'static str),
    Add(&'static str),
    Concat,
    Multiply(&'static str),
    Power,
    /// A minus before its operand.
    Minus,
    /// A filter or a test follows.
    Filter,
    Float,
    Integer,
    Other,
}

impl Kind {
    /// Whether the word is written otherwise.
    fn changes(self) -> bool {
        !matches!(self, Self::Open | Self::Close | Self::Separator | Self::Other)
            && !matches!(self, Self::Concat | Self::Filter | Self::Integer)
    }
}

#[derive(Debug, Clone)]
struct Word {
    kind: Kind,
    at: Range<usize>,
}

/// The words of every tag and printed expression.
fn tags(tokens: &[(Token<'_>, minijinja::machinery::Span)]) -> Vec<Vec<Word>> {
    let mut tags = Vec::new();
    let mut reader = TagReader::default();
    for (index, (token, span)) in tokens.iter().enumerate() {
        let at = span.start_offset as usize..span.end_offset as usize;
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart => reader = TagReader::default(),
            Token::BlockStart => reader = TagReader { keyword: true, ..TagReader::default() },
            Token::VariableEnd | Token::BlockEnd => tags.push(std::mem::take(&mut reader).words),
            _ => reader.read(token, at, tokens.get(index + 1).map(|(next, _)| next)),
        }
    }
    tags.push(reader.words);
    tags
}

#[derive(Debug, Default)]
struct TagReader {
    words: Vec<Word>,
    /// The next word is the tag's keyword.
    keyword: bool,
    /// The first `in` belongs to the `for`.
    of_for: bool,
    /// The next word is a name, whatever it looks like: after `.`, `|`, `is`.
    name: bool,
    /// The word before ends an operand: a minus after it subtracts.
    operand: bool,
    /// The next word is the `in` of a `not in`.
    not_in: bool,
}

impl TagReader {
    fn read(&mut self, token: &Token<'_>, at: Range<usize>, next: Option<&Token<'_>>) {
        if std::mem::take(&mut self.not_in) {
            if let Some(word) = self.words.last_mut() {
                word.at.end = at.end;
            }
            return;
        }
        let kind = self.kind(token, next);
        self.operand = match kind {
            Kind::Close | Kind::Float | Kind::Integer => true,
            Kind::Other => !matches!(token, Token::Dot),
            _ => false,
        };
        self.words.push(Word { kind, at });
    }

    fn kind(&mut self, token: &Token<'_>, next: Option<&Token<'_>>) -> Kind {
        use Token as T;
        match token {
            T::Ident(word) => return self.word(word, next),
            T::Dot | T::Pipe => self.name = true,
            _ => self.name = false,
        }
        match token {
            T::ParenOpen | T::BracketOpen | T::BraceOpen => Kind::Open,
            T::ParenClose | T::BracketClose | T::BraceClose => Kind::Close,
            T::Comma | T::Colon | T::Assign => Kind::Separator,
            T::Eq => Kind::Compare("=="),
            T::Ne => Kind::Compare("!="),
            T::Lt => Kind::Compare("<"),
            T::Lte => Kind::Compare("<="),
            T::Gt => Kind::Compare(">"),
            T::Gte => Kind::Compare(">="),
            T::Plus if self.operand => Kind::Add("+"),
            T::Minus if self.operand => Kind::Add("-"),
            T::Minus => Kind::Minus,
            T::Tilde => Kind::Concat,
            T::Mul => Kind::Multiply("*"),
            T::Div => Kind::Multiply("/"),
            T::FloorDiv => Kind::Multiply("//"),
            T::Mod => Kind::Multiply("%"),
            T::Pow => Kind::Power,
            T::Pipe => Kind::Filter,
            T::Float(_) => Kind::Float,
            T::Int(_) | T::Int128(_) => Kind::Integer,
            _ => Kind::Other,
        }
    }

    fn word(&mut self, word: &str, next: Option<&Token<'_>>) -> Kind {
        let before_in = matches!(next, Some(Token::Ident("in")));
        if std::mem::take(&mut self.keyword) {
            self.of_for = word == "for";
            return Kind::Separator;
        }
        if std::mem::take(&mut self.name) {
            // `is not 零`: the name comes after.
            self.name = word == "not";
            return Kind::Other;
        }
        match word {
            "is" => {
                self.name = true;
                Kind::Filter
            }
            "in" if std::mem::take(&mut self.of_for) => Kind::Separator,
            "in" => Kind::Compare("in"),
            "not" if before_in && self.operand => {
                self.not_in = true;
                Kind::Compare("not in")
            }
            "and" | "or" | "not" | "if" | "else" | "as" | "recursive" => Kind::Separator,
            _ => Kind::Other,
        }
    }
}

/// What to write instead of which stretches, in no order but that of equal places.
#[derive(Debug, Default)]
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Expressions side by side, parted by what no operator reaches over.
    fn expressions(&mut self, words: &[Word]) {
        for (part, _) in split(words, |kind| kind == Kind::Separator) {
            self.comparison(part);
        }
    }

    fn comparison(&mut self, words: &[Word]) {
        self.call(COMPARE, words, |kind| matches!(kind, Kind::Compare(_)), Self::sum);
    }

    fn sum(&mut self, words: &[Word]) {
        self.call(COMPUTE, words, |kind| matches!(kind, Kind::Add(_)), Self::text);
    }

    fn text(&mut self, words: &[Word]) {
        for (part, _) in split(words, |kind| kind == Kind::Concat) {
            self.call(COMPUTE, part, |kind| matches!(kind, Kind::Multiply(_)), Self::power);
        }
    }

    fn power(&mut self, words: &[Word]) {
        self.call(COMPUTE, words, |kind| kind == Kind::Power, Self::signed);
    }

    /// A call of `function` with what the operators join, operators and all.
    fn call(
        &mut self,
        function: &str,
        words: &[Word],
        is_operator: fn(Kind) -> bool,
        operand: fn(&mut Self, &[Word]),
    ) {
        let parts = split(words, is_operator);
        let [(first, _), rest @ ..] = parts.as_slice() else { return };
        if rest.is_empty() || parts.iter().any(|(part, _)| part.is_empty()) {
            return parts.iter().for_each(|(part, _)| operand(self, part));
        }
        self.before(words, &format!("{function}("));
        operand(self, first);
        for (part, operator) in rest {
            if let Some(Word { kind, at }) = operator {
                self.0.push((at.clone(), format!(", \"{}\",", sign(*kind))));
            }
            operand(self, part);
        }
        self.after(words);
    }

    /// An operand, perhaps with a minus; filters and tests apply to the negated value.
    fn signed(&mut self, words: &[Word]) {
        let [Word { kind: Kind::Minus, at }, rest @ ..] = words else { return self.atom(words) };
        let filtered = split(rest, |kind| kind == Kind::Filter);
        let Some((operand, _)) = filtered.first().filter(|(operand, _)| !operand.is_empty()) else {
            return;
        };
        self.0.push((at.clone(), format!("{COMPUTE}(\"-\", ")));
        self.signed(operand);
        self.after(operand);
        self.atom(&rest[operand.len()..]);
    }

    /// Words without operators but inside of brackets.
    fn atom(&mut self, words: &[Word]) {
        let (mut depth, mut start) = (0_usize, 0);
        for (index, word) in words.iter().enumerate() {
            match word.kind {
                Kind::Open => {
                    if depth == 0 {
                        start = index + 1;
                    }
                    depth += 1;
                }
                Kind::Close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.expressions(&words[start..index]);
                    }
                }
                Kind::Float if depth == 0 => {
                    self.0.push((word.at.start..word.at.start, format!("{NUMBER}(\"")));
                    self.0.push((word.at.end..word.at.end, "\")".to_owned()));
                }
                _ => {}
            }
        }
    }

    fn before(&mut self, words: &[Word], text: &str) {
        if let Some(first) = words.first() {
            self.0.push((first.at.start..first.at.start, text.to_owned()));
        }
    }

    fn after(&mut self, words: &[Word]) {
        if let Some(last) = words.last() {
            self.0.push((last.at.end..last.at.end, ")".to_owned()));
        }
    }

    fn apply(mut self, template: &str) -> Exact {
        // Of edits at one place, the outer call opens first and closes last: as they were noted.
        self.0.sort_by_key(|(at, _)| at.start);
        let mut made = Exact { text: String::new(), pieces: Vec::new() };
        let mut push = |text: &str, written: Range<usize>, copied| {
            made.pieces.push(Piece { start: made.text.len(), written, copied });
            made.text.push_str(text);
        };
        let mut done = 0;
        for (at, text) in &self.0 {
            if done < at.start {
                push(&template[done..at.start], done..at.start, true);
            }
            push(text, at.clone(), false);
            done = done.max(at.end);
        }
        if done < template.len() {
            push(&template[done..], done..template.len(), true);
        }
        made
    }
}

fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Compare(sign) | Kind::Add(sign) | Kind::Multiply(sign) => sign,
        _ => "**",
    }
}

/// The parts between words of a kind, outside of brackets, each with the word before it.
fn split(words: &[Word], is_kind: impl Fn(Kind) -> bool) -> Vec<(&[Word], Option<&Word>)> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut before) = (0_usize, 0, None);
    for (index, word) in words.iter().enumerate() {
        match word.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            kind if depth == 0 && is_kind(kind) => {
                parts.push((&words[start..index], before));
                (start, before) = (index + 1, Some(word));
            }
            _ => {}
        }
    }
    parts.push((&words[start..], before));
    parts
}
