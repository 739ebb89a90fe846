//! Judges the raw texts of leaves: what is wrong with an amount, a code, a count, a date, a text.

use std::ops::Range;

use super::excerpt::brief;
use super::leaves::TO_DO;
use super::scalar::parse_date;
use super::slipped;
use super::text::is_unseen;

/// The most digits that an amount may have; sums of thousands of such amounts stay exact.
pub const MAX_DIGITS: usize = 24;

/// The kinds of leaf, named in the schema as `format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    Amount,
    Text,
    Prose,
    Code,
    Count,
    Year,
    Date,
}

/// How the source says that it writes its amounts (金额).
#[derive(Debug, Clone)]
pub struct Amounts {
    pub decimals: u32,
    /// 元 or 万元, where the source says so.
    pub unit: Option<String>,
}

/// What is wrong with a leaf.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    pub code: &'static str,
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Where in the text, unless it is the whole.
    pub at: Option<Range<usize>>,
}

impl Complaint {
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into(), at: None }
    }

    fn at(self, range: Range<usize>) -> Self {
        Self { at: Some(range), ..self }
    }
}

impl Leaf {
    pub fn from_format(format: &str) -> Option<Self> {
        Some(match format {
            "amount" => Self::Amount,
            "text" => Self::Text,
            "prose" => Self::Prose,
            "code" => Self::Code,
            "count" => Self::Count,
            "year" => Self::Year,
            "date" => Self::Date,
            _ => return None,
        })
    }

    /// What the reader is told to put here.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amount => "一个金额",
            Self::Text | Self::Prose => "一段文字",
            Self::Code => "一个科目编码",
            Self::Count => "一个整数",
            Self::Year => "一个年份",
            Self::Date => "一个日期",
        }
    }

    /// Judges a raw scalar.
    pub fn complaint(self, raw: &str, amounts: &Amounts) -> Option<Complaint> {
        let judge = |raw: &str| match self {
            Self::Amount => amount(raw, amounts),
            Self::Text => plain_text(raw),
            Self::Prose => prose(raw),
            Self::Code => code(raw),
            Self::Count => count(raw),
            Self::Year => year(raw),
            Self::Date => date(raw),
        };
        let complaint = judge(raw)?;
        if matches!(self, Self::Text | Self::Prose) {
            return Some(complaint);
        }
        let quoted = || in_quotes(complaint.code, raw, |bare| judge(bare).is_none());
        Some(unseen(raw).or_else(quoted).unwrap_or(complaint))
    }
}

/// A text of a source that is still to be written, as `yusuan new` leaves it.
pub fn to_do(raw: &str) -> Option<Complaint> {
    let start = raw.len() - raw.trim_start().len();
    raw[start..].starts_with(TO_DO).then(|| {
        let help = "写好以后，删掉前面的“待填”";
        Complaint::new("S15", "这一项还没填", help).at(start..start + TO_DO.len())
    })
}

/// A value in quotes that YAML does not know.
pub fn unquoted(raw: &str) -> Option<&str> {
    let bare = raw.trim_matches(['“', '”', '‘', '’', '「', '」', '＂', '＇', '"', '\'']);
    Some(bare).filter(|bare| *bare != raw)
}

/// What is right but for such quotes.
pub fn in_quotes(
    code: &'static str,
    raw: &str,
    is_right: impl Fn(&str) -> bool,
) -> Option<Complaint> {
    let bare = unquoted(raw).filter(|bare| is_right(bare))?;
    Some(Complaint::new(
        code,
        format!("“{bare}”外面的引号不是数据"),
        format!("去掉引号，写成 {bare}"),
    ))
}

/// An unseen character is the likeliest reason why a value that looks right is not.
pub fn unseen(raw: &str) -> Option<Complaint> {
    let (at, c) = raw.char_indices().find(|(_, c)| is_unseen(*c))?;
    let message = format!("这里有看不见的字符 U+{:04X}", c as u32);
    let help = "删掉它；它看不见，多半是从别处粘贴来的";
    Some(Complaint::new("S02", message, help).at(at..at + c.len_utf8()))
}

fn amount(raw: &str, amounts: &Amounts) -> Option<Complaint> {
    let complain = |what: &str, help: String| {
        Some(Complaint::new("S08", format!("金额“{}”{what}", brief(raw)), help))
    };
    if is_number(raw) {
        return number(raw, amounts);
    }
    let narrow: String = raw.chars().map(half_width).collect();
    let is_wide = narrow != raw;
    let (digits, unit) = split_unit(&narrow);
    let bare: String = digits.chars().filter(|c| !is_separator(*c)).collect();
    let unsigned = bare.strip_prefix(['-', '+', '−']).unwrap_or(&bare);
    if raw.contains(['e', 'E']) && raw.parse::<f64>().is_ok() {
        complain("用了科学记数法", "把数字写全，例如 1000".into())
    } else if let Some(number) = slipped::number(&bare) {
        complain(
            "里有字母或圆圈，不是数字",
            format!("看清楚再改：数字是 {number} 的，写成 {number}"),
        )
    } else if !is_number(unsigned.trim_start_matches('−')) {
        complain("不是数", "只写半角数字，例如 7302 或 7302.50".into())
    } else if unsigned != bare {
        complain("带有正负号", "金额不带正负号；增减由程序计算".into())
    } else if !is_grouped(digits) {
        complain("里有分隔符", "去掉分隔符再写；小数点用半角句点".into())
    } else if !unit.is_empty() {
        complain("带有单位", without_unit(&bare, unit, amounts.unit.as_deref()))
    } else if is_wide {
        complain("里有全角字符", format!("改用半角：{bare}"))
    } else {
        complain("里有分隔符", format!("写成 {bare}；千分位由程序印上"))
    }
}

/// Digits, perhaps a point and digits.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((integer, fraction)) => digits(integer) && digits(fraction),
        None => digits(text),
    }
}

/// A number may still be written wrongly, or more exactly than the source's unit allows.
fn number(raw: &str, amounts: &Amounts) -> Option<Complaint> {
    let complain = |what: &str, help: String| {
        Some(Complaint::new("S08", format!("金额“{}”{what}", brief(raw)), help))
    };
    let (integer, fraction) = raw.split_once('.').unwrap_or((raw, ""));
    if integer.len() > 1 && integer.starts_with('0') {
        let bare = raw.trim_start_matches('0');
        let zero = if bare.is_empty() || bare.starts_with('.') { "0" } else { "" };
        return complain("以 0 开头", format!("写成 {zero}{bare}"));
    }
    if integer.len() + fraction.len() > MAX_DIGITS {
        return complain("太长", format!("最多 {MAX_DIGITS} 位数字"));
    }
    if fraction.len() > amounts.decimals as usize {
        let most = match amounts.decimals {
            0 => "不带小数".to_owned(),
            most => format!("最多 {most} 位小数"),
        };
        return complain("的小数位太多", format!("按“金额: 小数”的约定，{most}"));
    }
    None
}

fn split_unit(text: &str) -> (&str, &str) {
    let digits = text.trim_end_matches(['元', '万', '亿', '千', '百']);
    (digits.trim_end(), &text[digits.len()..])
}

/// Leaving out a unit that is not the source's own would change the amount.
fn without_unit(bare: &str, unit: &str, own: Option<&str>) -> String {
    let unit = if unit == "万" { "万元" } else { unit };
    match own {
        Some(own) if own == unit => format!("只写数字 {bare}；单位写在“金额: 单位”"),
        Some(own) => format!("换算成{own}再写，只写数字"),
        None => "换算成“金额: 单位”里的单位再写，只写数字".to_owned(),
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '_') || c.is_whitespace()
}

/// Whether separators stand only before groups of three digits, where they mean nothing.
fn is_grouped(digits: &str) -> bool {
    let integer = digits.split_once('.').map_or(digits, |(integer, _)| integer);
    integer.split(is_separator).skip(1).all(|group| group.len() == 3)
}

/// The half-width form of a full-width character.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn code(raw: &str) -> Option<Complaint> {
    let good = matches!(raw.len(), 3 | 5 | 7) && raw.bytes().all(|b| b.is_ascii_digit());
    let message = || format!("“{}”不是科目编码", brief(raw));
    let help = "科目编码是 3、5 或 7 位半角数字，例如 208、20801、2080150";
    (!good).then(|| Complaint::new("S09", message(), help))
}

fn count(raw: &str) -> Option<Complaint> {
    let good = !raw.is_empty()
        && raw.len() <= 9
        && raw.bytes().all(|b| b.is_ascii_digit())
        && (raw == "0" || !raw.starts_with('0'));
    let message = || format!("“{}”不能用作数量", brief(raw));
    let help = "写 0 或正整数，只用半角数字，最多 9 位，例如 37";
    (!good).then(|| Complaint::new("S10", message(), help))
}

fn year(raw: &str) -> Option<Complaint> {
    let good = raw.len() == 4 && raw.parse().is_ok_and(|year: u32| year >= 1949);
    let message = || format!("“{}”不是年份", brief(raw));
    (!good).then(|| Complaint::new("S10", message(), "写四位半角数字，例如 2023"))
}

fn date(raw: &str) -> Option<Complaint> {
    if parse_date(raw).is_some() {
        return None;
    }
    let parts: Vec<&str> = raw.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let in_digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let is_later = parts[0].parse().is_ok_and(|year: u32| year >= 1949);
    Some(if lengths == [4, 2, 2] && in_digits && is_later {
        Complaint::new("S11", format!("日历上没有“{raw}”这一天"), "查一查月份和日子")
    } else {
        let message = format!("“{}”不是日期", brief(raw));
        Complaint::new("S11", message, "写成 2023-02-10 这样的日期")
    })
}

/// Braces in a text that is printed as it stands were meant for a text that computes.
fn plain_text(raw: &str) -> Option<Complaint> {
    let at = ["{{", "{%", "{#"].iter().filter_map(|open| raw.find(open)).min()?;
    let message = format!("这一项只印文字，不能写 {} … {}", &raw[at..at + 2], closer(&raw[at..]));
    Some(Complaint::new("S13", message, "直接写出文字").at(at..at + 2))
}

fn closer(open: &str) -> &'static str {
    match open.as_bytes().get(1) {
        Some(b'{') => "}}",
        Some(b'%') => "%}",
        _ => "#}",
    }
}

/// Braces that stand outside expressions would be printed.
fn prose(raw: &str) -> Option<Complaint> {
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let rest = &raw[at..];
        if ["{{", "{%", "{#"].iter().any(|open| rest.starts_with(open)) {
            // What is never closed is for the template engine to say.
            at += expression_length(rest)?;
            continue;
        }
        for (wide, narrow) in [("｛｛", "{{"), ("｝｝", "}}"), ("｛%", "{%"), ("%｝", "%}")] {
            if rest.starts_with(wide) {
                let message = format!("这里用了全角大括号“{wide}”");
                let help = format!("改成半角的 {narrow}");
                return Some(Complaint::new("S13", message, help).at(at..at + wide.len()));
            }
        }
        for (close, open) in [("}}", "{{"), ("%}", "{%")] {
            if rest.starts_with(close) {
                let message = format!("文字里的“{close}”前面没有“{open}”");
                let help = format!("{open} 与 {close} 要成对");
                return Some(Complaint::new("S13", message, help).at(at..at + close.len()));
            }
        }
        at += c.len_utf8();
    }
    None
}

/// The length of the expression that a text starts with; braces in its strings do not end it.
/// Braces in braces are as bad as none that close.
fn expression_length(text: &str) -> Option<usize> {
    let close = closer(text);
    let mut quote = None;
    for (at, c) in text.char_indices().skip(2) {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if close == "}}" && text[at..].starts_with("{{") => return None,
            None if text[at..].starts_with(close) => return Some(at + close.len()),
            None if matches!(c, '"' | '\'') && close != "#}" => quote = Some(c),
            None => {}
        }
    }
    None
}
