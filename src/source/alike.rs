//! Characters that cannot be seen, or look like others, and names that look the same.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

use super::slipped::Around;
use super::text::is_unseen;

/// Look-alikes that have no compatibility form: radicals, then Cyrillic and Greek letters.
const RADICALS: &str = "⺁厂 ⺄乙 ⺅亻 ⺇几 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ⺔彑 \
    ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻 \
    ⺮竹 ⺯糹 ⺰纟 ⺱网 ⺲罒 ⺴网 ⺶羊 ⺷羊 ⺸羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽臼 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 \
    ⻄西 ⻅见 ⻆角 ⻇角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏阝 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻕阜 ⻖阝 ⻗雨 ⻘青 \
    ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻡首 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 \
    ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟";
const LETTERS: &str = "АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ХX аa сc еe оo рp хx уy ѕs іi јj \
    ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX οo νv";

/// A character that is not the one that it seems to be.
#[derive(Debug, PartialEq, Eq)]
pub struct Odd {
    pub at: usize,
    pub character: char,
    /// What it stands for; empty for one that is not seen.
    pub real: String,
}

impl Odd {
    pub fn message(&self) -> String {
        match self.real.as_str() {
            "" if is_turning(self.character) => {
                format!("这里有看不见的字符 {}，它改变文字的方向", point(self.character))
            }
            "" => format!("这里有看不见的字符 {}", point(self.character)),
            " " => format!("这里的空格是 {}，不是普通的空格（U+0020）", point(self.character)),
            real => format!("{}看起来是{}，却是另一个字", shown(self.character), all_shown(real)),
        }
    }

    pub fn help(&self) -> String {
        match self.real.as_str() {
            "" => "删掉它；它看不见，多半是从别处粘贴来的".to_owned(),
            " " => "删掉它，或换成普通的空格；多半是从网页或文档里粘贴来的".to_owned(),
            real => format!(
                "改成{}；它多半是从 PDF 或网页里复制来的，或是打错、识别错的",
                all_shown(real)
            ),
        }
    }
}

/// The odd characters of a text, each where it first stands.
pub fn odd(text: &str) -> Vec<Odd> {
    let mut found: Vec<Odd> = Vec::new();
    for (at, character) in text.char_indices() {
        if let Some(real) = real(text, at, character)
            && found.iter().all(|odd| odd.character != character)
        {
            found.push(Odd { at, character, real });
        }
    }
    found
}

/// What a character of a text stands for, where it is not what it seems to be.
fn real(text: &str, at: usize, c: char) -> Option<String> {
    if is_unseen(c) {
        return Some(String::new());
    }
    let around = || Around { before: &text[..at], c, after: &text[at + c.len_utf8()..] };
    let letter = || listed(LETTERS, c).filter(|_| is_among_latin(text, at));
    let meant = || around().digit().or_else(|| around().stroke()).or_else(letter);
    double(c).or_else(|| meant().map(String::from))
}

/// What a compatibility form or radical stands for. Full-width forms and signs such as ① and ㎡
/// are characters in their own right.
fn double(c: char) -> Option<String> {
    let has_double = matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}'
        | '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{FB00}'..='\u{FB06}'
        | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE6B}' | '\u{FF61}'..='\u{FF65}'
        | '\u{1D400}'..='\u{1D7FF}' | '\u{2F800}'..='\u{2FA1F}');
    if !has_double {
        return None;
    }
    let same = |real: &String| real.chars().eq([c]);
    // Its compatibility form is two points.
    let colon = (c == '\u{FE30}').then_some('：');
    colon
        .or_else(|| listed(RADICALS, c))
        .map(String::from)
        .or_else(|| Some(c.nfkc().collect()).filter(|r| !same(r)))
}

fn listed(pairs: &str, c: char) -> Option<char> {
    if !matches!(c, '\u{370}'..='\u{52F}' | '\u{2E80}'..='\u{2EFF}') {
        return None;
    }
    let pair = pairs.split_whitespace().find(|pair| pair.starts_with(c))?;
    pair.chars().nth(1)
}

/// A word of so many letters of one foreign script is a word of its language: КНР.
const FOREIGN_WORD: usize = 3;

/// Whether the word around a letter holds Latin ones, or but a few letters that all look Latin.
fn is_among_latin(text: &str, at: usize) -> bool {
    let is_letter = |c: &char| {
        c.is_ascii_alphabetic() || matches!(c, '\u{370}'..='\u{3FF}' | '\u{400}'..='\u{52F}')
    };
    let before = text[..at].chars().rev().take_while(is_letter);
    let word: Vec<char> = before.chain(text[at..].chars().take_while(is_letter)).collect();
    let looks_latin = |c: &char| c.is_ascii_alphabetic() || listed(LETTERS, *c).is_some();
    // A single small letter is a sign of its own.
    let is_sign = word.len() == 1 && word.iter().all(|c| c.is_lowercase());
    let is_short = word.len() < FOREIGN_WORD;
    let seems_latin = is_short && word.iter().all(looks_latin);
    !is_sign && (word.iter().any(char::is_ascii_alphabetic) || seems_latin)
}

/// A name without what the eye does not tell apart: width, brackets, quotes, dots, circles, blanks,
/// unseen characters.
pub fn folded(name: &str) -> String {
    let mark = |c: char| match c {
        '〔' | '【' | '[' | '〖' => '(',
        '〕' | '】' | ']' | '〗' => ')',
        '—' | '–' | '‐' | '‑' | '−' => '-',
        '・' | '•' | '‧' | '∙' | '⋅' | '●' => '·',
        '“' | '”' | '„' | '‟' | '〝' | '〞' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' | '‛' => '\'',
        '〇' | '○' | '◯' => '0',
        _ => c,
    };
    name.chars()
        .filter(|c| !is_unseen(*c))
        .map(|c| listed(RADICALS, c).or_else(|| listed(LETTERS, c)).unwrap_or(c))
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .map(mark)
        .collect()
}

/// The text of a cell as it was meant: without unseen characters, on one line.
pub fn typed(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let mut typed = String::new();
    for line in seen.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
        // Latin words would run together.
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if is_word(typed.chars().next_back()) && is_word(line.chars().next()) {
            typed.push(' ');
        }
        typed.push_str(line);
    }
    typed
}

/// In what two names differ that look the same: `“⽬”（U+2F6C）与“目”（U+76EE）`.
pub fn difference(one: &str, other: &str) -> String {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |rest: &[char]| {
        let part = rest.get(..rest.len() - end).unwrap_or_default();
        // More than a few differ: the first that does is enough to find them by.
        part.first().map(|c| shown(*c))
    };
    match (part(one), part(other)) {
        (Some(one), Some(other)) => format!("{one}与{other}"),
        (Some(more), None) | (None, Some(more)) => format!("一个多了{more}"),
        (None, None) => "重复的字".to_owned(),
    }
}

/// `“目”（U+76EE）`, or the number alone of what is not seen.
pub fn shown(c: char) -> String {
    match c {
        '\n' | '\r' => "换行".to_owned(),
        c if c.is_whitespace() => format!("空格（{}）", point(c)),
        c if is_unseen(c) => format!("看不见的 {}", point(c)),
        c => format!("“{c}”（{}）", point(c)),
    }
}

fn all_shown(text: &str) -> String {
    let mut points = String::new();
    for c in text.chars() {
        let space = if points.is_empty() { "" } else { " " };
        let _ = write!(points, "{space}{}", point(c));
    }
    format!("“{text}”（{points}）")
}

fn point(c: char) -> String {
    format!("U+{:04X}", c as u32)
}

fn is_turning(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
