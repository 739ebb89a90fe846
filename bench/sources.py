"""Generated sources for the benchmarks: consistent budgets in exact yuan, each different."""

import random
import re

FUNCTIONAL = ["2080150", "2080199", "2080502", "2080505", "2080506", "2101102", "2210201", "2210203"]
ECONOMIC_BASIC = ["30101", "30102", "30103", "30107", "30108", "30109", "30110", "30113", "30201", "30302"]
ECONOMIC_PROJECT = ["30213", "30226", "30227", "31002", "31007"]
# Classes that mean the same money in both classifications.
SAME = {"30108": "2080505", "30109": "2080506", "30110": "2101102", "30113": "2210201"}
KNOWN = {*FUNCTIONAL, *ECONOMIC_BASIC, *ECONOMIC_PROJECT}


def split(rng, total, parts):
    """`total` as that many random whole parts."""
    cuts = sorted(rng.randrange(total + 1) for _ in range(parts - 1))
    return [b - a for a, b in zip([0] + cuts, cuts + [total])]


def lines(codes, amounts, column, extra=""):
    """Class lines. Codes of the code table need no name."""
    named = lambda code: "" if code in KNOWN else f", 名称: 科目{code}"
    return [f"      - {{编码: {code}{named(code)}, {column}: {amount}{extra}}}" for code, amount in zip(codes, amounts)]


def unit(rng, name, rows):
    """One unit with about `rows` rows in each class table; its two classifications agree."""
    basic, project = rng.randrange(10**6, 10**9), rng.randrange(10**6, 10**9)
    if rows > len(ECONOMIC_BASIC):
        functional = [f"2{n // 100000 % 10}{n // 10000 % 10}{n % 10000:04}" for n in range(10000, 10000 + rows)]
        functional = [code[:7] for code in functional]
    else:
        functional = FUNCTIONAL
    projects = split(rng, project, rng.randrange(1, 8))
    text = [f"  - 名称: {name}", "    性质: 事业单位", "    收入:", f"      一般公共预算拨款: {basic + project}", "    功能分类:"]
    half = len(functional) - 1
    amounts = split(rng, basic, half)
    text += lines(functional[:half], amounts, "基本支出")
    text += lines(functional[half:], [project], "项目支出")
    text += ["    经济分类:"]
    by_code = dict(zip(functional[:half], amounts))
    agreed = {code: by_code[same] for code, same in SAME.items() if same in by_code}
    free = [code for code in ECONOMIC_BASIC if code not in agreed]
    agreed |= zip(free, split(rng, basic - sum(agreed.values()), len(free)))
    text += lines(ECONOMIC_BASIC, [agreed[code] for code in ECONOMIC_BASIC], "基本支出")
    text += lines(ECONOMIC_PROJECT, split(rng, project, len(ECONOMIC_PROJECT)), "项目支出")
    text += ["    项目:"]
    for number, amount in enumerate(projects):
        text += [f"      - {{名称: {name}第{number + 1}个项目, 预算: {amount}, 绩效目标: 按时完成第{number + 1}个项目的各项工作。}}"]
    return text


# What every report has besides its units.
WHOLE = [
    "上年预算: {收入总计: 1000000}",
    "收支增减原因: 工作任务有变化",
    "国有资产: {截至: 2022年12月31日, 车辆: 0, 通用设备: {单价万元: 50, 数量: 0}, 专用设备: {单价万元: 100, 数量: 0}, 计划新增: {车辆: 0, 通用设备: 0, 专用设备: 0}}",
    "整体支出绩效目标:",
    "  总体目标: 做好各项工作。",
    "  绩效指标: {产出: {数量: [{指标: 工作完成率, 目标值: =100%}]}, 效益: {社会效益: [{指标: 工作效果, 目标值: 提高}]}, 满意度: {服务对象满意度: [{指标: 满意度, 目标值: ≥90%}]}}",
]


def source(seed, units=None, rows=8):
    """A whole source as YAML text."""
    rng = random.Random(seed)
    units = units or rng.randrange(1, 4)
    name = f"某市第{seed}局"
    text = [
        "表式: shenzhen-2023",
        "年度: 2023",
        "金额: {单位: 元, 小数: 0}",
        "印刷: {单位: 万元, 小数: 2}",
        "部门:",
        f"  名称: {name}",
        "  职责: [" + ", ".join(f"承担第{n}项工作。" for n in range(1, rng.randrange(3, 12))) + "]",
        "  在职人数: " + str(rng.randrange(10, 900)),
        "  退休人数: " + str(rng.randrange(1, 90)),
        "预算单位:",
    ]
    for number in range(units):
        text += unit(rng, f"{name}第{number + 1}中心", rows)
    projects = re.findall(r"{名称: ([^,]+), 预算:", "\n".join(text))
    covers = ", ".join(["基本支出", *projects])
    text += WHOLE + [f"  主要任务: [{{任务名称: 日常运行, 主要内容: 保障日常运行。, 包含: [{covers}]}}]"]
    return "\n".join(text) + "\n"
