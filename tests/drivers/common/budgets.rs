//! Chance budgets that are consistent to the fen, and the sources that state them.
//!
//! A budget is made exactly; [`Style`] then says how an office would write it down: in exact 元, or
//! in 万元 with every amount rounded by itself, totals stated or left to the program.

use std::collections::BTreeMap;

use super::chance::Chance;
use super::split;
use super::text::Writer;

/// Amounts are whole fen: nothing here ever rounds but [`Style::write`].
pub type Fen = i64;

/// How amounts are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// 万元 with so many decimals, else exact 元.
    pub rounded_to: Option<u32>,
    /// 支出合计, 收入总计 and upper classes are stated, each rounded from the exact total.
    pub totals: bool,
}

impl Style {
    pub fn write(&self, fen: Fen) -> String {
        match self.rounded_to {
            None => format!("{}.{:02}", fen / 100, fen % 100),
            Some(decimals) => {
                // Halves go up: amounts are never negative.
                let unit = 1_000_000 / 10_i64.pow(decimals);
                let digits = (fen + unit / 2) / unit;
                let scale = 10_i64.pow(decimals);
                match decimals {
                    0 => digits.to_string(),
                    _ => {
                        format!("{}.{:0w$}", digits / scale, digits % scale, w = decimals as usize)
                    }
                }
            }
        }
    }
}

pub const FUNDS: [&str; 5] =
    ["一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金", "单位资金"];

/// The income that pays for each fund's spending; 单位资金 has several.
const INCOMES: [&[&str]; 5] = [
    &["一般公共预算拨款"],
    &["政府性基金预算拨款"],
    &["国有资本经营预算拨款"],
    &["财政专户管理资金"],
    &["事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入"],
];

pub const CARRIED_OVER: &str = "上年结余、结转";

/// One class of one fund.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub basic: Fen,
    pub project: Fen,
    /// 采购, 中小企业, 小微企业
    pub bought: Option<[Fen; 3]>,
    /// 资金来源 of the basic spending.
    pub sources: Vec<(&'static str, Fen)>,
}

/// Lines by fund and code.
pub type Lines = BTreeMap<(usize, String), Line>;

#[derive(Debug, Clone)]
pub struct Project {
    pub amount: Fen,
    pub last: Option<Fen>,
    pub details: Vec<Fen>,
    pub sources: Vec<(&'static str, Fen)>,
}

#[derive(Debug, Clone)]
pub struct Unit {
    pub kind: &'static str,
    pub functional: Lines,
    pub economic: Lines,
    pub income: BTreeMap<&'static str, Fen>,
    pub carried_forward: Fen,
    pub projects: Vec<Project>,
    pub goods_works_services: [Fen; 3],
    /// 三公, this year and last: abroad, reception, cars bought, cars run.
    pub official: [[Fen; 2]; 4],
}

#[derive(Debug, Clone)]
pub struct Budget {
    pub units: Vec<Unit>,
    pub last_year: Option<Fen>,
    pub operating: Option<[Fen; 2]>,
    pub targets: bool,
}

/// How large a budget is made.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub units: (u64, u64),
    pub lines: (u64, u64),
    pub projects: (u64, u64),
}

pub const SMALL: Size = Size { units: (1, 6), lines: (1, 8), projects: (0, 5) };

pub fn random(random: &mut Chance, size: Size) -> Budget {
    let units: Vec<Unit> =
        (0..random.between(size.units.0, size.units.1)).map(|_| unit(random, size)).collect();
    let nothing_carried = units.iter().all(|unit| unit.carried_forward == 0);
    Budget {
        last_year: (!random.once_in(3)).then(|| amount(random)),
        operating: random.once_in(2).then(|| [amount(random), amount(random)]),
        // 表12 sets the tasks against 支出总计, which holds 结转下年; tasks only spend.
        targets: nothing_carried && random.once_in(2),
        units,
    }
}

/// Mostly some 万元, sometimes less than rounding leaves, sometimes 亿.
pub fn amount(random: &mut Chance) -> Fen {
    let most = match random.below(10) {
        0 => 1_000_000,
        1..=6 => 2_000_000_000,
        _ => 300_000_000_000,
    };
    random.below(most) as Fen
}

fn unit(random: &mut Chance, size: Size) -> Unit {
    let mut functional = Lines::new();
    let mut economic = Lines::new();
    let funds: Vec<usize> =
        (0..FUNDS.len()).filter(|&fund| fund == 0 || random.once_in(5)).collect();
    for &fund in &funds {
        for code in split::pick(random, split::functional_leaves(), size.lines) {
            functional.insert((fund, code), functional_line(random));
        }
        economics(random, fund, size, &functional, &mut economic);
    }
    let sum = |of: fn(&Line) -> Fen| functional.values().map(of).sum::<Fen>();
    let project_total = sum(|line| line.project);
    let bought = sum(|line| line.bought.map_or(0, |bought| bought[0]));
    let carried_forward = if random.once_in(4) { amount(random) } else { 0 };
    let income = income(random, &functional, &funds, carried_forward);
    let official = official(random, &economic);
    Unit {
        kind: ["行政单位", "参公单位", "事业单位"][random.below(3) as usize],
        projects: projects(random, project_total, size),
        goods_works_services: split::exact(random, bought, 3).try_into().expect("three parts"),
        functional,
        economic,
        income,
        carried_forward,
        official,
    }
}

fn functional_line(random: &mut Chance) -> Line {
    // No department runs on less than 10 万元: all its classes would print 0, and 0 is no row.
    let basic = |random: &mut Chance| 10_000_000 + amount(random);
    let (basic, project) = match random.below(4) {
        0 => (basic(random), amount(random)),
        1 => (basic(random), 0),
        _ => (0, amount(random)),
    };
    let bought = (project > 0 && random.once_in(2)).then(|| {
        let all = random.below(project as u64 + 1) as Fen;
        let medium = random.below(all as u64 + 1) as Fen;
        [all, medium, random.below(medium as u64 + 1) as Fen]
    });
    Line { basic, project, bought, sources: Vec::new() }
}

/// The same money by economic class: 人员, 公用, 补助 and a little 310 of the basic spending.
fn economics(
    random: &mut Chance,
    fund: usize,
    size: Size,
    functional: &Lines,
    economic: &mut Lines,
) {
    let of_fund = || functional.iter().filter(|((of, _), _)| *of == fund).map(|(_, line)| line);
    let basic: Fen = of_fund().map(|line| line.basic).sum();
    let project: Fen = of_fund().map(|line| line.project).sum();
    let known = random.once_in(3);
    for (total, classes) in
        [(basic, ["301", "302", "303", "310"]), (project, ["302", "309", "310", "312"])]
    {
        if total == 0 {
            continue;
        }
        let codes = split::pick(random, &split::economic_leaves(&classes), size.lines);
        let parts = split::exact(random, total, codes.len());
        for (code, part) in codes.into_iter().zip(parts) {
            let line = economic.entry((fund, code)).or_default();
            if classes[0] == "301" {
                line.basic += part;
                if known {
                    line.sources = sources(random, fund, part);
                }
            } else {
                line.project += part;
            }
        }
    }
}

fn sources(random: &mut Chance, fund: usize, total: Fen) -> Vec<(&'static str, Fen)> {
    let names: Vec<&'static str> = INCOMES[fund].iter().copied().chain([CARRIED_OVER]).collect();
    let parts = split::exact(random, total, names.len());
    names.into_iter().zip(parts).filter(|(_, part)| *part > 0).collect()
}

/// Every fund's spending is paid by its own income and by what was carried over.
fn income(
    random: &mut Chance,
    functional: &Lines,
    funds: &[usize],
    carried_forward: Fen,
) -> BTreeMap<&'static str, Fen> {
    let mut income = BTreeMap::new();
    for &fund in funds {
        let lines = functional.iter().filter(|((of, _), _)| *of == fund);
        let mut needed: Fen = lines.map(|(_, line)| line.basic + line.project).sum();
        if fund == 0 {
            needed += carried_forward;
            if random.once_in(2) {
                let carried = random.below(needed as u64 + 1) as Fen;
                *income.entry(CARRIED_OVER).or_default() += carried;
                needed -= carried;
            }
        } else if random.once_in(4) {
            // Paid by what was left of last year alone.
            *income.entry(CARRIED_OVER).or_default() += needed;
            continue;
        }
        let parts = split::exact(random, needed, INCOMES[fund].len());
        for (name, part) in INCOMES[fund].iter().zip(parts).filter(|(_, part)| *part > 0) {
            *income.entry(name).or_default() += part;
        }
    }
    income
}

fn projects(random: &mut Chance, total: Fen, size: Size) -> Vec<Project> {
    let count = random.between(size.projects.0, size.projects.1) as usize;
    if total == 0 || count == 0 {
        return Vec::new();
    }
    let known = random.once_in(3);
    let projects = split::exact(random, total, count).into_iter().map(|amount| {
        let listed = if random.once_in(3) { amount / 2 } else { amount };
        let details = random.below(4) as usize;
        Project {
            amount,
            last: random.once_in(2).then(|| self::amount(random)),
            details: if details == 0 { Vec::new() } else { split::exact(random, listed, details) },
            sources: if known { sources(random, 0, amount) } else { Vec::new() },
        }
    });
    projects.collect()
}

/// What table 9 says of this year is what table 8 says.
fn official(random: &mut Chance, economic: &Lines) -> [[Fen; 2]; 4] {
    let spent = |codes: &[&str]| -> Fen {
        let line = |code: &&str| economic.get(&(0, (*code).to_owned()));
        codes.iter().filter_map(line).map(|line| line.basic + line.project).sum()
    };
    [&["30212"][..], &["30217"], &["30913", "31013"], &["30231"]]
        .map(|codes| [spent(codes), if random.once_in(2) { 0 } else { amount(random) / 100 }])
}

/// The source of a budget.
pub fn source(budget: &Budget, style: Style, random: &mut Chance) -> String {
    Writer { style, random, text: String::new() }.source(budget)
}
