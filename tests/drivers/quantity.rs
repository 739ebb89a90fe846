//! Amounts as intervals, against examples worked by hand in the manner of XBRL Calculations 1.1:
//! a rounded figure stands for everything that rounds to it, sums add the half digits, and two
//! sides contradict each other only where their intervals do not meet.

use rust_decimal::Decimal;
use yusuan::audit::formula::{Relation, Sign};
use yusuan::audit::quantity::{Quantity, Verdict, read_number};
use yusuan::budget::{Figure, Format};
use yusuan::source::model::{MoneyUnit, Zero};
use yusuan::source::scalar::Money;

use Verdict::{Holds, Inconsistent, RoundedPrint, RoundedSource};

fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("a number")
}

/// An amount ± slack, printed ± half a printed digit.
fn quantity(amount: &str, slack: &str, printed: &str, half_digit: &str) -> Quantity {
    Quantity {
        amount: number(amount),
        slack: number(slack),
        printed: number(printed),
        printed_slack: number(half_digit),
        ..Quantity::default()
    }
}

/// Rounded to a whole unit and printed as it is: 100 is 100 ± 0.5.
fn whole(amount: &str) -> Quantity {
    quantity(amount, "0.5", amount, "0.5")
}

fn sum(parts: &[Quantity]) -> Quantity {
    let mut sum = Quantity::default();
    parts.iter().for_each(|part| sum.add(Sign::Plus, part.clone()));
    sum
}

fn equal(left: &Quantity, right: &Quantity) -> Verdict {
    left.compare(Relation::Equal, right)
}

#[test]
fn addends_that_add_up() {
    // 100 ± 0.5 + 200 ± 0.5 = 300 ± 1.0; against 300 ± 0.5 the difference is 0
    assert_eq!(equal(&sum(&[whole("100"), whole("200")]), &whole("300")), Holds);
}

#[test]
fn intervals_that_meet_are_rounding() {
    // 100 + 200 = [299, 301]; 301 = [300.5, 301.5]: they share [300.5, 301]
    assert_eq!(equal(&sum(&[whole("100"), whole("200")]), &whole("301")), RoundedPrint);
}

#[test]
fn intervals_that_do_not_meet_are_an_error() {
    // 100 + 200 = [299, 301]; 302 = [301.5, 302.5]: 0.5 apart
    assert_eq!(equal(&sum(&[whole("100"), whole("200")]), &whole("302")), Inconsistent);
}

#[test]
fn touching_end_points_meet() {
    // 100 = [99.5, 100.5]; 101 = [100.5, 101.5]: they share 100.5
    assert_eq!(equal(&whole("100"), &whole("101")), RoundedPrint);
    // a hundredth of the unit apart: 100 ± 0.5 and 101.01 ± 0.5
    let apart = quantity("101.01", "0.5", "101.01", "0.5");
    assert_eq!(equal(&whole("100"), &apart), Inconsistent);
}

#[test]
fn slack_grows_with_every_addend() {
    // ten times 10 ± 0.5 = 100 ± 5.0; 105 ± 0.5: 5 ≤ 5.5; 106: 6 > 5.5
    let ten = sum(&vec![whole("10"); 10]);
    assert_eq!(ten.slack, number("5.0"));
    assert_eq!(equal(&ten, &whole("105")), RoundedPrint);
    assert_eq!(equal(&ten, &whole("106")), Inconsistent);
}

#[test]
fn subtraction_adds_slack_too() {
    // 300 ± 0.5 − 200 ± 0.5 = 100 ± 1.0, which is [99, 101]; 101 ± 0.5 meets it, 102 ± 0.5 does not
    let mut difference = whole("300");
    difference.add(Sign::Minus, whole("200"));
    assert_eq!(difference.amount, number("100"));
    assert_eq!(difference.slack, number("1.0"));
    assert_eq!(equal(&difference, &whole("101")), RoundedPrint);
    assert_eq!(equal(&difference, &whole("102")), Inconsistent);
}

#[test]
fn negative_differences_are_intervals_as_well() {
    // 200 ± 0.5 − 300 ± 0.5 = −100 ± 1.0, which is [−101, −99]; −102 ± 0.5 is [−102.5, −101.5]
    let mut difference = whole("200");
    difference.add(Sign::Minus, whole("300"));
    assert_eq!(equal(&difference, &whole("-101")), RoundedPrint);
    assert_eq!(equal(&difference, &whole("-102")), Inconsistent);
}

#[test]
fn the_order_of_the_sides_does_not_matter() {
    for (other, verdict) in [("300", Holds), ("301", RoundedPrint), ("302", Inconsistent)] {
        let (left, right) = (sum(&[whole("100"), whole("200")]), whole(other));
        assert_eq!(equal(&left, &right), verdict, "300 = {other}");
        assert_eq!(equal(&right, &left), verdict, "{other} = 300");
    }
}

#[test]
fn exact_amounts_have_no_width() {
    // 100.00 = 100.01 is wrong by one fen; nothing was rounded
    let exact = |amount| quantity(amount, "0", amount, "0");
    assert_eq!(equal(&exact("100.00"), &exact("100.01")), Inconsistent);
    assert_eq!(equal(&exact("100.00"), &exact("100")), Holds);
    // a number of a formula is exact: 0 ± 0.5 meets 0, 1 ± 0.5 does not
    assert_eq!(equal(&whole("0"), &Quantity::number(Decimal::ZERO)), Holds);
    assert_eq!(equal(&whole("1"), &Quantity::number(Decimal::ZERO)), Inconsistent);
}

#[test]
fn an_exact_source_may_not_add_up_in_print() {
    // 1.4 + 1.4 = 2.8 exactly; printed 1 + 1 = 2 against 3: 1 ≤ 3 × 0.5
    let parts = [quantity("1.4", "0", "1", "0.5"), quantity("1.4", "0", "1", "0.5")];
    assert_eq!(equal(&sum(&parts), &quantity("2.8", "0", "3", "0.5")), RoundedPrint);
    // 2.9 is no sum of them, though it prints 3 just the same
    assert_eq!(equal(&sum(&parts), &quantity("2.9", "0", "3", "0.5")), Inconsistent);
}

#[test]
fn a_coarse_source_is_told_from_a_coarse_print() {
    // A total of six rounded leaves is 600 ± 3.0, but prints as one figure, 600 ± 0.5. Against
    // 602 ± 0.5: the source explains 2 (≤ 3.5), the two printed figures only 1.0.
    let total = quantity("600", "3.0", "600", "0.5");
    assert_eq!(equal(&total, &whole("602")), RoundedSource);
    assert_eq!(equal(&total, &whole("601")), RoundedPrint);
    assert_eq!(equal(&total, &whole("604")), Inconsistent);
}

#[test]
fn inequalities_err_only_beyond_their_slack() {
    let at_most = |left: &str, right: &str| whole(left).compare(Relation::AtMost, &whole(right));
    assert_eq!(at_most("99", "100"), Holds);
    assert_eq!(at_most("100", "100"), Holds);
    // 101 is at least 100.5, 100 at most 100.5
    assert_eq!(at_most("101", "100"), RoundedPrint);
    assert_eq!(at_most("102", "100"), Inconsistent);
    let at_least = |left: &str, right: &str| whole(left).compare(Relation::AtLeast, &whole(right));
    assert_eq!(at_least("100", "99"), Holds);
    assert_eq!(at_least("100", "101"), RoundedPrint);
    assert_eq!(at_least("100", "102"), Inconsistent);
    // however far the left side is below, ≤ holds
    assert_eq!(at_most("0", "1000000"), Holds);
}

#[test]
fn half_a_digit_follows_the_decimals() {
    // two decimals: 0.01 + 0.01 = 0.02 ± 0.010; 0.03 ± 0.005 differs by 0.01, 0.04 by 0.02 > 0.015
    let cent = |amount| quantity(amount, "0.005", amount, "0.005");
    assert_eq!(equal(&sum(&[cent("0.01"), cent("0.01")]), &cent("0.03")), RoundedPrint);
    assert_eq!(equal(&sum(&[cent("0.01"), cent("0.01")]), &cent("0.04")), Inconsistent);
}

/// 元 held, 万元 printed without decimals.
fn wan() -> Format {
    Format {
        held_in: MoneyUnit::Yuan,
        unit: MoneyUnit::TenThousand,
        decimals: 0,
        grouping: true,
        trimmed: false,
        zero: Zero::Plain,
        rate_decimals: 0,
        balance: false,
    }
}

#[test]
fn a_figure_printed_in_another_unit() {
    // 12,345,678.90 元 prints 1,235 万元: 12,350,000 ± 5,000 元
    let money = Money { amount: number("12345678.90"), place: 0..0 };
    let found = Quantity::figure(&Figure::stated(&money, Decimal::ZERO), "1,235", &wan());
    assert_eq!(found.amount, number("12345678.90"));
    assert_eq!(found.slack, Decimal::ZERO);
    assert_eq!(found.printed, number("12350000"));
    assert_eq!(found.printed_slack, number("5000"));
    // what prints exactly was not rounded: 20,000.00 元 is 2 万元
    let money = Money { amount: number("20000.00"), place: 0..0 };
    let found = Quantity::figure(&Figure::stated(&money, Decimal::ZERO), "2", &wan());
    assert_eq!(found.printed_slack, Decimal::ZERO);
}

#[test]
fn a_number_typed_in_prose() {
    // 35 typed where 万元 are printed is 350,000 ± 5,000 元
    let found = Quantity::typed(number("35"), &wan());
    assert_eq!((found.amount, found.slack), (number("350000"), number("5000.0")));
}

#[test]
fn printed_numbers_are_read_with_their_commas() {
    assert_eq!(read_number("10,327"), Some(number("10327")));
    assert_eq!(read_number("-1,234.50"), Some(number("-1234.50")));
    // no number: Quantity::figure takes a dash and a blank for zero
    assert_eq!(read_number("-"), None);
    assert_eq!(read_number(""), None);
}
