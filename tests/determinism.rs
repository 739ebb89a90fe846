//! The same input gives the same bytes: on every run, on any number of threads, on a warm desk.

mod support;

use yusuan::typeset::{Faces, Typesetter, export};

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
