//! Words of a title, so that its lines break between them (词意完整).

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;

/// The words of a text. Marks that may not begin or end a line stay with their word; so do spaces.
pub fn words(text: &str) -> Vec<String> {
    let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
    let bounds: Vec<usize> = segmenter.segment_str(text).collect();
    let mut words: Vec<String> = Vec::new();
    for pair in bounds.windows(2) {
        let part = &text[pair[0]..pair[1]];
        let joins = part.chars().all(|c| c.is_whitespace() || is_closing(c));
        match words.last_mut() {
            Some(last)
                if joins || last.ends_with(is_opening) || is_number_with_unit(last, part) =>
            {
                last.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
    }
    words
}

fn is_opening(c: char) -> bool {
    matches!(c, '（' | '(' | '“' | '‘' | '《' | '〔' | '【' | '第')
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '）' | ')' | '”' | '’' | '》' | '〕' | '】' | '，' | '、' | '。' | '：' | '；' | '%'
    )
}

/// 2023年 is one word.
fn is_number_with_unit(word: &str, part: &str) -> bool {
    word.ends_with(|c: char| c.is_ascii_digit()) && matches!(part, "年" | "年度" | "月")
}
