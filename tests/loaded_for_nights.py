"""What every night loads, and parses the same: the server that forks nights imports it once.

Polars may be imported in a process that forks, not used: its threads begin with the first use and
a fork would lose them. DuckDB's begin with the first connection.
"""

import altair  # noqa: F401
import babel  # noqa: F401
import great_expectations  # noqa: F401
import pandas  # noqa: F401
import tenacity  # noqa: F401

import biaogan.cli  # noqa: F401
import warehouse.night  # noqa: F401
from warehouse.build.marts import FIGURE
from warehouse.build.publish import CATALOG
from warehouse.build.views import readdress
from warehouse.contracts.deadlines import number_working_days
from warehouse.gate import judge  # noqa: F401
from warehouse.site.page import open_templates
from warehouse.sql_files import DEFAULT_SQL, load_sql

number_working_days()
for folder in DEFAULT_SQL.iterdir():
    for model in load_sql(folder.name).values():
        for catalog in (CATALOG, "temp"):
            readdress(model, {"mart": catalog, FIGURE: "temp"})
        readdress(model, {})
for name in open_templates().list_templates():
    open_templates().get_template(name)
