"""`python -m tests.sql.googlesql`: every statement of `sql/` through GoogleSQL's analyser."""

from __future__ import annotations

import sys
from pathlib import Path

from shared.sql_catalogue import SQL_ROOT, Catalogue
from tests.sql.googlesql.analyser import GoogleSqlAnalyser


def main(root: Path) -> int:
    catalogue = Catalogue(root)
    queries = list(catalogue.queries())
    analyser = GoogleSqlAnalyser(catalogue.tables.values())
    problems = [problem for query in queries if (problem := analyser.problem(query))]
    print("\n".join(problems) if problems else f"GoogleSQL accepts all {len(queries)} statements.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SQL_ROOT))
