"""The named baselines on the Febrl sets, set up as their own documentation sets them up for this data."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from typing import Any

Records = Mapping[str, Mapping[str, str]]
Pair = tuple[str, str]


def splink_pairs(records: Records, with_ssn: bool) -> dict[Pair, float]:
    """Pair → match probability of Splink 5 on DuckDB, for every pair above one in a thousand."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = DuckDBAPI().register(_frame(records, with_ssn))
        linker: Any = Linker(frame, _splink_settings(with_ssn), log_level=logging.ERROR)
        _train_splink(linker)
        found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    return {
        (min(one, other), max(one, other)): float(probability)
        for one, other, probability in zip(
            found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True
        )
    }


def _splink_settings(with_ssn: bool) -> Any:
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("street_number"),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_ssn else []),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            block_on("date_of_birth"),
            block_on("postcode", "substr(surname, 1, 3)"),
            block_on("postcode", "substr(given_name, 1, 3)"),
            block_on("street_number", "address_1"),
            *([block_on("soc_sec_id")] if with_ssn else []),
        ],
    )


def _train_splink(linker: Any) -> None:
    from splink import block_on

    linker.training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "date_of_birth"), block_on("date_of_birth", "postcode")],
        recall=0.8,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    rules = (block_on("date_of_birth"), block_on("postcode", "given_name"), block_on("surname", "suburb"))
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)


def ecm_pairs(records: Records, with_ssn: bool) -> set[Pair]:
    """The pairs recordlinkage's expectation-conditional maximisation classifier takes for matches."""
    import recordlinkage

    frame = _frame(records, with_ssn).set_index("unique_id")
    index = recordlinkage.Index()
    for field in (
        "given_name",
        "surname",
        "date_of_birth",
        "postcode",
        *(["soc_sec_id"] if with_ssn else []),
    ):
        index.block(field)
    compare = recordlinkage.Compare()
    for field in ("given_name", "surname", "address_1", "suburb"):
        compare.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    for field in ("date_of_birth", "postcode", "street_number", *(["soc_sec_id"] if with_ssn else [])):
        compare.exact(field, field, label=field)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = recordlinkage.ECMClassifier().fit_predict(compare.compute(index.index(frame), frame))
    return {(min(one, other), max(one, other)) for one, other in found}


def _frame(records: Records, with_ssn: bool) -> Any:
    import pandas

    rows = [{"unique_id": key, **{f: v or None for f, v in row.items()}} for key, row in records.items()]
    frame = pandas.DataFrame(rows)
    return frame if with_ssn else frame.drop(columns=["soc_sec_id"])
