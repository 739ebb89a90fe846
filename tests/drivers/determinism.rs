//! The same input gives the same bytes: on every run, on any number of threads, on a warm desk.

use crate::support;

use support::{making, paper};
use yusuan::typeset::{Faces, Typesetter, Wishes, export};

#[test]
fn bytes_do_not_depend_on_threads_or_on_what_came_before() {
    let made = support::make(&support::text("input/2023.yaml"));
    let other =
        support::make(&support::text("input/2023.yaml").replace("数据管理中心", "服务中心"));
    let cold = support::pdf_of(&made);
    for threads in [1, 2, 3] {
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(16 << 20).build();
        let again = pool.expect("a pool can be made").install(|| support::pdf_of(&made));
        assert!(cold == again, "{threads} threads");
    }
    let typesetter = Typesetter::new(Faces::load(&[]).expect("the shipped faces load"));
    for made in [&other, &made] {
        let chosen = &made.budget.source.value.fonts;
        let (pages, _) =
            typesetter.typeset(&made.form, &made.report, chosen, None).expect("it can be laid out");
        let warm = export::pdf(&pages, &made.report, true).expect("it meets its standards");
        assert_eq!(warm == cold, made.report.author.ends_with("数据管理中心"));
    }
}

/// The preview lays out an edit with the page numbers of the layout before it: a figure that changes
/// on many pages, text that moves every page behind it, and back.
#[test]
fn bytes_do_not_depend_on_the_page_numbers_of_an_earlier_layout() {
    let text = support::text("input/2023.yaml");
    let work = "    - 深入推进网络安全提升工作。\n";
    let versions = [
        text.clone(),
        text.replace("预算: 1141", "预算: 1142"),
        text.replace(work, &work.repeat(60)),
        text.clone(),
    ];
    let typesetter = Typesetter::new(Faces::load(&[]).expect("the shipped faces load"));
    let mut earlier = None;
    for version in versions {
        let made = support::make(&version);
        let chosen = &made.budget.source.value.fonts;
        let wishes = Wishes { earlier: earlier.as_ref(), ..Wishes::default() };
        let (pages, _) = typesetter
            .typeset_with(&made.form, &made.report, chosen, wishes)
            .expect("it can be laid out");
        let warm = export::pdf(&pages, &made.report, true).expect("it meets its standards");
        assert!(warm == support::pdf_of(&made));
        earlier = Some(pages);
    }
}

/// 信 and 管 end in the same byte of UTF-8, which Typst's own way to replace a source mistakes for
/// the same character: the second name was printed 某信.
#[test]
fn a_warm_desk_prints_no_character_of_an_earlier_report() {
    let form = making::shipped_form();
    let typesetter = making::typesetter();
    for name in ["某信", "某管", "某信局", "某é局", "某中局", "某©局"] {
        let yaml = format!(
            "表式: shenzhen-2023\n年度: 2023\n金额: {{单位: 元}}\n部门: {{名称: {name}}}\n\
             预算单位: [{{性质: 行政单位}}]\n"
        );
        let (_, pages) = making::shown(making::pages(&typesetter, &form, &yaml));
        let end = format!("部门（单位）名称{name}主管部门{name}—");
        let text = paper::text(&pages.document);
        assert!(text.contains(&end), "{end} is not in {text}");
    }
}
