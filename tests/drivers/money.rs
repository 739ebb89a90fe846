//! Money from source to print, exact, against arithmetic on the digits themselves.

use crate::support;

use proptest::prelude::*;
use yusuan::report::plain;

/// The printed 一般公共预算拨款 of a source that states `amount`.
fn printed(amount: &str, unit: &str, decimals: usize, print: &str) -> String {
    let yaml = format!(
        "表式: shenzhen-2023\n年度: 2023\n金额: {{单位: {unit}, 小数: {decimals}}}\n印刷: {print}\n\
         部门: {{名称: 某局}}\n预算单位: [{{性质: 事业单位, 收入: {{一般公共预算拨款: {amount}}}}}]\n"
    );
    let made = support::make(&yaml);
    let table = made.report.tables().next().expect("there is a table");
    plain(&table.grid.rows[1].cells[1].text)
}

/// Moves the point of a decimal text by `places` to the left, rounds half up to `decimals`.
fn by_hand(amount: &str, places: i32, decimals: usize) -> String {
    let (integer, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let mut digits: Vec<u8> = integer.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
    let mut point = i32::try_from(integer.len()).expect("it is short") - places;
    while point <= 0 {
        digits.insert(0, 0);
        point += 1;
    }
    let keep = usize::try_from(point).expect("it is positive") + decimals;
    digits.resize(digits.len().max(keep + 1), 0);
    let up = digits[keep] >= 5;
    digits.truncate(keep);
    let mut at = keep;
    let mut carry = up;
    while carry && at > 0 {
        at -= 1;
        carry = digits[at] == 9;
        digits[at] = (digits[at] + 1) % 10;
    }
    if carry {
        digits.insert(0, 1);
        point += 1;
    }
    let text: String = digits.iter().map(|digit| char::from(digit + b'0')).collect();
    let (integer, fraction) = text.split_at(usize::try_from(point).expect("it is positive"));
    let integer = integer.trim_start_matches('0');
    let integer = if integer.is_empty() { "0" } else { integer };
    if decimals == 0 { integer.to_owned() } else { format!("{integer}.{fraction}") }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_typed_is_what_is_printed(
        integer in "[1-9][0-9]{0,21}", fraction in "[0-9]{2}", to_other in any::<bool>(),
        yuan in any::<bool>(), decimals in 0_usize..=2,
    ) {
        let amount = format!("{integer}.{fraction}");
        let (unit, other, shift) = if yuan { ("元", "万元", 4) } else { ("万元", "元", -4) };
        let (print, places) = if to_other { (other, shift) } else { (unit, 0) };
        let setting = format!("{{单位: {print}, 小数: {decimals}, 分节: 否}}");
        prop_assert_eq!(printed(&amount, unit, 2, &setting), by_hand(&amount, places, decimals));
    }
}

#[test]
fn twenty_four_digits_are_exact() {
    let amount = "123456789012345678901234";
    assert_eq!(printed(amount, "万元", 0, "{分节: 否}"), amount);
    assert_eq!(printed(amount, "万元", 0, "{单位: 元, 分节: 否}"), format!("{amount}0000"));
}

#[test]
fn halves_are_rounded_up() {
    for (amount, rounded) in
        [("0.50", "1"), ("1.50", "2"), ("2.50", "3"), ("0.49", "0"), ("9.50", "10")]
    {
        assert_eq!(printed(amount, "元", 2, "{小数: 0}"), rounded, "{amount}");
    }
    assert_eq!(printed("4999", "元", 0, "{单位: 万元, 小数: 0}"), "0");
    assert_eq!(printed("5000", "元", 0, "{单位: 万元, 小数: 0}"), "1");
}

#[test]
fn groups_and_zeros() {
    assert_eq!(printed("1234567.80", "元", 2, "{}"), "1,234,567.80");
    assert_eq!(printed("999", "元", 0, "{}"), "999");
    assert_eq!(printed("0", "元", 0, "{}"), "0");
    assert_eq!(printed("0", "元", 2, "{零: 空白}"), "");
    assert_eq!(printed("0", "元", 2, "{零: '-'}"), "-");
    assert_eq!(printed("0", "元", 2, "{零: —}"), "—");
    assert_eq!(printed("0", "元", 2, "{零: 0}"), "0");
    assert_eq!(printed("0", "元", 2, "{零: 按小数}"), "0.00");
    // What is not zero but rounds to it is no zero.
    assert_eq!(printed("49", "元", 0, "{单位: 万元, 小数: 2, 零: '-'}"), "0.00");
}

#[test]
fn zeros_at_the_end_of_decimals() {
    let cut =
        |amount, setting: &str| printed(amount, "元", 2, &format!("{{去尾零: 是, {setting}}}"));
    assert_eq!(cut("15.00", ""), "15");
    assert_eq!(cut("15.50", ""), "15.5");
    assert_eq!(cut("1000.00", ""), "1,000");
    assert_eq!(cut("100.00", "小数: 0"), "100");
    assert_eq!(cut("0", ""), "0");
    assert_eq!(cut("379100", "单位: 万元"), "37.91");
    assert_eq!(cut("370000", "单位: 万元"), "37");
    assert_eq!(cut("0.01", "单位: 万元"), "0");
}
