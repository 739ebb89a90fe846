//! Characters that only their neighbours prove wrong: `1O0万元`, `二○二三年`, `人ロ`, `第—部分`.
//!
//! Each is a good character elsewhere, so only what is certain is told.

/// A character between what stands before and behind it.
pub struct Around<'t> {
    pub before: &'t str,
    pub c: char,
    pub after: &'t str,
}

/// Letters that look like digits.
const DIGITS: &str = "O0 o0 О0 о0 Ο0 ο0 〇0 ○0 Ｏ0 l1 I1 І1 Ｉ1 ｌ1";
/// What makes a number of the letters before it.
const COUNTED: &str = "万亿元年月日人个台套辆项次名家户平％%";
const NUMERALS: &str = "一二三四五六七八九零〇";
/// Katakana, a letter of 注音 and a stroke that look like Chinese characters.
const KANA: &str = "ロ口 ﾛ口 カ力 エ工 ニ二 ハ八 タ夕 ト卜 オ才 ー一 ㄧ一 ㇐一";
/// Words whose 一 is often read as a dash. Words that two halves with a dash between them could
/// form as well (传统—标准, 合同—附件) are left out.
const ONES: &str = "第一 一般公 一般债 一般性 一般行 进一步 一体化 一次性 唯一 之一 一系列 一律 逐一 \
    一站式 一卡通 一揽子 同一个 同一单 同一项";

impl Around<'_> {
    /// The digit that a letter in a number, or a letter or digit among numerals, was meant to be.
    pub fn digit(&self) -> Option<char> {
        let (last, next) = (self.last(), self.next());
        let is_numeral = |c: Option<char>| c.is_some_and(|c| NUMERALS.contains(c));
        if matches!(self.c, '○' | 'O' | 'Ｏ' | '0' | '０') && is_numeral(last) && is_numeral(next)
        {
            return Some('〇');
        }
        let digit = paired(DIGITS, self.c)?;
        let in_number = |c: &char| c.is_ascii_digit() || ".,".contains(*c) || is_like_digit(*c);
        let start: Vec<char> = self.before.chars().rev().take_while(in_number).collect();
        let end: Vec<char> = self.after.chars().take_while(in_number).collect();
        let digit_at = |part: &[char]| part.iter().any(char::is_ascii_digit);
        // Letters beside it make it a word: O2O项目, V1O.
        let beyond = self.before.chars().rev().nth(start.len());
        let behind = self.after.chars().nth(end.len());
        let in_word = [beyond, behind].into_iter().flatten().any(|c| c.is_ascii_alphabetic());
        let first = start.last().copied().unwrap_or(self.c);
        let opens = match first {
            'l' | 'ｌ' => true,
            first => first.is_ascii_digit() || end.first() == Some(&'.') && start.is_empty(),
        };
        let between = digit_at(&start) && digit_at(&end);
        let is_circle = matches!(self.c, '○' | '〇');
        let counted = behind.is_some_and(|c| COUNTED.contains(c)) && !is_circle;
        let is_number = between || counted && (digit_at(&start) || digit_at(&end));
        (is_number && opens && !in_word).then_some(digit)
    }

    /// The Chinese character that a katakana, a letter of 注音 or a dash was meant to be.
    pub fn stroke(&self) -> Option<char> {
        let (last, next) = (self.last(), self.next());
        let any = |is: fn(char) -> bool| [last, next].into_iter().flatten().any(is);
        if let Some(han) = paired(KANA, self.c) {
            return (any(is_han) && !any(is_kana)).then_some(han);
        }
        let is_dash = |c: char| "－—–―─-".contains(c);
        if !is_dash(self.c) || any(|c| "－—–―─-".contains(c) || c.is_ascii_digit()) {
            return None;
        }
        let fits = |word: &str| {
            word.match_indices('一').any(|(at, one)| {
                self.before.ends_with(&word[..at])
                    && self.after.starts_with(&word[at + one.len()..])
            })
        };
        ONES.split_whitespace().any(fits).then_some('一')
    }

    fn last(&self) -> Option<char> {
        self.before.chars().next_back()
    }

    fn next(&self) -> Option<char> {
        self.after.chars().next()
    }
}

/// A number as it was meant, where letters stand for some of its digits.
pub fn number(text: &str) -> Option<String> {
    let digits: String = text.chars().map(|c| paired(DIGITS, c).unwrap_or(c)).collect();
    let is_number = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    (is_number && digits != text && text.contains(|c: char| c.is_ascii_digit())).then_some(digits)
}

fn is_like_digit(c: char) -> bool {
    paired(DIGITS, c).is_some()
}

fn paired(pairs: &str, c: char) -> Option<char> {
    // Nearly every character of a source is one of these, and none of them is in a pair.
    if is_han(c) {
        return None;
    }
    let begins_pair = |at: &usize| *at == 0 || pairs.as_bytes()[at - 1] == b' ';
    let at = pairs.match_indices(c).map(|(at, _)| at).find(begins_pair)?;
    pairs[at..].chars().nth(1)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3100}'..='\u{312F}' | '\u{FF66}'..='\u{FF9D}')
}
