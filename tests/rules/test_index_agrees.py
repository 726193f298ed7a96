"""The index says what the naive evaluator says, whatever the rules, the notices, and the order of changes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import RuleIndex, default_vocabulary
from rules.evidence import Evidence
from rules.reasons import holds, reasons
from tests.rules.naive import meets
from tests.rules.strategies import TODAY, notices, rules, saved_rules

VOCABULARY = default_vocabulary()

ids = st.one_of(st.integers(0, 5), st.sampled_from(("a", "b")))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), ids, st.one_of(rules, saved_rules), st.booleans()),
        st.tuples(st.just("add"), ids, rules, st.booleans()),
        st.tuples(st.just("remove"), ids),
        st.tuples(st.just("settle")),
        st.tuples(st.just("match"), notices),
    ),
    max_size=14,
)
quick = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
thorough = settings(quick, max_examples=10_000)


def follow(steps, last_notice):
    """Do the steps on an index and on a table, and compare what they match."""
    index, table = RuleIndex(VOCABULARY), {}
    for step, *arguments in [*steps, ("match", last_notice)]:
        if step == "add":
            rule_id, rule, as_text = arguments
            index.add(rule_id, str(rule.expanded) if as_text else rule)
            table[rule_id] = rule
        elif step == "remove" and arguments[0] in table:
            index.remove(arguments[0])
            del table[arguments[0]]
        elif step == "settle":
            index.settle()
        elif step == "match":
            compare(index, table, *arguments)
    assert len(index) == len(table)


def compare(index, table, notice):
    expected = {
        rule_id for rule_id, rule in table.items() if meets(rule.condition, notice, VOCABULARY, TODAY)
    }
    matches = index.match(notice, today=TODAY)
    assert [match.rule_id for match in matches if match.rule_id not in expected] == []
    assert len(matches) == len(expected), [str(table[rule_id]) for rule_id in expected]
    evidence = Evidence(notice, VOCABULARY, TODAY)
    for match in matches:
        told = {(reason.facet, reason.term) for reason in reasons(table[match.rule_id], evidence)}
        assert {(reason.facet, reason.term) for reason in match.reasons} == told


@given(steps, notices)
@quick
def test_the_index_agrees_with_the_naive_evaluator(steps, notice):
    follow(steps, notice)


@pytest.mark.slow
@given(steps, notices)
@thorough
def test_the_index_agrees_with_the_naive_evaluator_ten_thousand_times(steps, notice):
    follow(steps, notice)


@given(st.one_of(rules, saved_rules), notices)
@quick
def test_a_rule_by_itself_agrees_with_the_naive_evaluator(rule, notice):
    expected = meets(rule.condition, notice, VOCABULARY, TODAY)
    assert holds(rule.condition, Evidence(notice, VOCABULARY, TODAY)) == expected
