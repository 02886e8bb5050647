"""The words the dictionary has for what contracts and marts say in code."""

SEVERITIES = {
    "must_fix": "强制 must fix",
    "explain": "核实 fix or explain",
    "notice": "提示 notice",
}
KINDS = {"stock": "时点数 stock", "flow": "时期数 flow"}
FORM_KINDS = {"register": "名录 register", "figures": "数字表 table of figures"}
CONTENTS = {
    "snapshot": "报告期末的全部情况 everything as of the period's end",
    "increment": "报告期内发生的情况 what happened in the period",
}
PERIODS = {"year": "每年 yearly", "quarter": "每季 quarterly", "month": "每月 monthly"}
TYPES = {
    "text": "文字 text",
    "integer": "整数 integer",
    "decimal": "小数 decimal",
    "money": "金额 money",
    "percent": "百分数 percentage",
    "date": "日期 date",
    "code": "代码 code",
    "uscc": "统一社会信用代码 unified social credit code",
    "application_no": "专利申请号 patent application number",
    "standard_no": "标准编号 standard number",
    "industry_code": "行业代码 industry code",
    "reporting_unit": "统计单元 reporting unit",
    "indicator_code": "指标代码 indicator code",
}
GROUPS = {
    "departments": "各市直部门 every department of the city",
    "reporting_units": "各统计单元 every reporting unit",
}
