//! Writes a random budget down as a source.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::budgets::{Budget, FUNDS, Fen, Line, Lines, Style, Unit};
use super::chance::Chance;

pub struct Writer<'r> {
    pub style: Style,
    pub random: &'r mut Chance,
    pub text: String,
}

impl Writer<'_> {
    pub fn source(mut self, budget: &Budget) -> String {
        let amounts = match self.style.rounded_to {
            Some(decimals) => format!("{{单位: 万元, 小数: {decimals}}}"),
            None => "{单位: 元, 小数: 2}\n印刷: {单位: 万元, 小数: 0}".to_owned(),
        };
        self.line(&format!("表式: shenzhen-2023\n年度: 2023\n金额: {amounts}"));
        self.line("部门: {名称: 测试市综合事务管理局, 职责: [做好各项工作。]}");
        if let Some(last) = budget.last_year {
            let last = self.style.write(last);
            self.line(&format!("上年预算: {{收入总计: {last}}}\n收支增减原因: 工作任务有变化。"));
        }
        if let Some([this, last]) = budget.operating {
            let (this, last) = (self.style.write(this), self.style.write(last));
            self.line(&format!("机关运行经费: {{本年: {this}, 上年: {last}}}"));
        }
        if budget.targets {
            self.targets(budget);
        }
        self.line("预算单位:");
        for (at, unit) in budget.units.iter().enumerate() {
            self.unit(at, unit, budget.units.len());
        }
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }

    /// A key and an amount, where there is an amount.
    fn field(&self, text: &mut String, key: &str, fen: Fen) {
        if fen > 0 {
            write!(text, ", {key}: {}", self.style.write(fen)).expect("a string takes all");
        }
    }

    fn targets(&mut self, budget: &Budget) {
        let lines = || budget.units.iter().flat_map(|unit| unit.functional.values());
        let project: Fen = lines().map(|line| line.project).sum();
        self.line("整体支出绩效目标:\n  主要任务:");
        self.line("    - {任务名称: 日常运转, 主要内容: 保障运转。, 包含: [基本支出]}");
        let project = self.style.write(project);
        self.line(&format!(
            "    - {{任务名称: 专项工作, 主要内容: 做好专项工作。, 总额: {project}}}"
        ));
    }

    fn unit(&mut self, at: usize, unit: &Unit, count: usize) {
        let name =
            if count == 1 { String::new() } else { format!("名称: 第{}事务所, ", at + 1) };
        self.line(&format!("  - {{{name}性质: {},", unit.kind));
        self.income(unit);
        let kinds = [("功能分类", &unit.functional), ("经济分类", &unit.economic)];
        for (title, lines) in kinds {
            self.line(&format!("      {title}: ["));
            self.classes(lines);
            self.line("      ],");
        }
        let sum = |of: fn(&Line) -> Fen| unit.functional.values().map(of).sum::<Fen>();
        let (basic, project) = (sum(|line| line.basic), sum(|line| line.project));
        if self.style.totals {
            let [total, basic, project] =
                [basic + project, basic, project].map(|fen| self.style.write(fen));
            self.line(&format!(
                "      支出合计: {{支出总计: {total}, 基本支出: {basic}, 项目支出: {project}}},"
            ));
        }
        self.line(&format!("      结转下年: {},", self.style.write(unit.carried_forward)));
        self.projects(at, unit);
        let [goods, works, services] = unit.goods_works_services.map(|fen| self.style.write(fen));
        self.line(&format!("      政府采购: {{货物: {goods}, 工程: {works}, 服务: {services}}},"));
        let names = ["因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行维护费"];
        let official: Vec<String> = names
            .iter()
            .zip(unit.official)
            .map(|(name, years)| {
                let [this, last] = years.map(|fen| self.style.write(fen));
                format!("{name}: {{本年: {this}, 上年: {last}}}")
            })
            .collect();
        self.line(&format!("      三公经费: {{{}}} }}", official.join(", ")));
    }

    fn income(&mut self, unit: &Unit) {
        let mut text = String::from("      收入: {");
        let carried = |name: &str| name == super::budgets::CARRIED_OVER;
        for (name, fen) in &unit.income {
            write!(text, "\"{name}\": {}, ", self.style.write(*fen)).expect("a string takes all");
        }
        if self.style.totals {
            let year: Fen =
                unit.income.iter().filter(|(name, _)| !carried(name)).map(|(_, fen)| fen).sum();
            let all: Fen = unit.income.values().sum();
            let [year, all] = [year, all].map(|fen| self.style.write(fen));
            write!(text, "本年收入合计: {year}, 收入总计: {all}").expect("a string takes all");
        }
        self.line(&format!("{text}}},"));
    }

    fn classes(&mut self, lines: &Lines) {
        let mut upper: BTreeMap<(usize, &str), Line> = BTreeMap::new();
        for ((fund, code), line) in lines {
            for digits in [3, 5].into_iter().filter(|&digits| digits < code.len()) {
                let above = upper.entry((*fund, &code[..digits])).or_default();
                above.basic += line.basic;
                above.project += line.project;
                if let Some(bought) = line.bought {
                    let sum = above.bought.get_or_insert_default();
                    sum.iter_mut().zip(bought).for_each(|(sum, part)| *sum += part);
                }
            }
        }
        if self.style.totals {
            for ((fund, code), line) in upper {
                // Some upper classes stay unstated, as offices leave them.
                if !self.random.once_in(4) {
                    self.class(fund, code, &line);
                }
            }
        }
        for ((fund, code), line) in lines {
            self.class(*fund, code, line);
        }
    }

    fn class(&mut self, fund: usize, code: &str, line: &Line) {
        let mut text = format!("        {{编码: {code}, 预算: {}", FUNDS[fund]);
        if self.style.totals {
            self.field(&mut text, "支出总计", line.basic + line.project);
        }
        self.field(&mut text, "基本支出", line.basic);
        self.field(&mut text, "项目支出", line.project);
        if let Some([all, medium, micro]) = line.bought {
            self.field(&mut text, "采购", all);
            self.field(&mut text, "中小企业", medium);
            self.field(&mut text, "小微企业", micro);
        }
        self.sources(&mut text, &line.sources);
        self.line(&format!("{text}}},"));
    }

    fn sources(&self, text: &mut String, sources: &[(&str, Fen)]) {
        if !sources.is_empty() {
            let fields: Vec<String> = sources
                .iter()
                .map(|(name, fen)| format!("\"{name}\": {}", self.style.write(*fen)))
                .collect();
            write!(text, ", 资金来源: {{{}}}", fields.join(", ")).expect("a string takes all");
        }
    }

    fn projects(&mut self, unit: usize, facts: &Unit) {
        if facts.projects.is_empty() {
            return;
        }
        self.line("      项目: [");
        for (at, project) in facts.projects.iter().enumerate() {
            let amount = self.style.write(project.amount);
            let mut text = format!("        {{名称: 专项{}之{}, 预算: {amount}", unit + 1, at + 1);
            if let Some(last) = project.last {
                self.field(&mut text, "上年预算", last);
            }
            if !project.details.is_empty() {
                let details: Vec<String> = project
                    .details
                    .iter()
                    .enumerate()
                    .map(|(nth, fen)| {
                        format!("{{名称: 内容{}, 金额: {}}}", nth + 1, self.style.write(*fen))
                    })
                    .collect();
                write!(text, ", 明细: [{}]", details.join(", ")).expect("a string takes all");
            }
            self.sources(&mut text, &project.sources);
            self.line(&format!("{text}}},"));
        }
        self.line("      ],");
    }
}
