"""Verdicts, and that an audit judges what it is given."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.audit import Audit, audit
from medmodels.explain.faithfulness import BLOB, EDGES, RANDOM, THE_MAP, Curve, Faithfulness
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.sanity import Sanity
from medmodels.explain.shortcut import PARTS
from medmodels.explain.subject import Subject
from tests.bundles_fixture import (
    SCAN_TASK,
    SEQUENCE_TASK,
    SIGNAL_TASK,
    write_tiny_sequence_bundle,
)

S = np.array([0.25, 0.75])


def faithful(area: float, blob: float, edges: float, random: float) -> Faithfulness:
    def curve(name, value):
        return Curve(name, np.zeros(2), np.full(2, value), value)

    curves = (curve(THE_MAP, area), curve(RANDOM, 0), curve(BLOB, blob), curve(EDGES, edges))
    spread = np.linspace(-random, random, 40)
    return Faithfulness(S, curves, spread, 0.1, 0.05, "grey", 3.0, 0.0, (True,))


def made(found: Faithfulness, sane: bool | None = None) -> Audit:
    sanity = None
    if sane is not None:
        sanity = Sanity("grad_cam", ("all",), (0.9,), (0.9,), 4, sane, 0.3)
    return Audit("grad_cam", 0, found, sanity, None, {}, None, None, 0.1)


@pytest.mark.parametrize(
    ("found", "passed", "words"),
    [
        (faithful(2, 0.5, 0.5, 1), True, "better than chance (p 0.0"),
        (faithful(0.2, 0.0, 0.0, 1), False, "a random map does as well (p 0.3"),
        (faithful(2, 1.95, 0.5, 1), False, "pointing at the middle does as well"),
        (faithful(2, 0.5, 2.5, 1), False, "pointing at whatever stands out does as well"),
    ],
)
def test_the_verdict_is_one_sentence(found, passed, words):
    result = made(found)
    assert result.passed is passed
    assert words in result.sentence
    assert result.sentence.startswith("Not reliable here" if not passed else "This map")


def test_a_method_that_fails_the_sanity_check_is_never_evidence():
    result = made(faithful(2, 0.5, 0.5, 1), sane=False)
    assert not result.passed
    assert "random weights" in result.sentence
    assert made(faithful(2, 0.5, 0.5, 1), sane=True).passed


@pytest.fixture(scope="module")
def scan_subject(tiny_root):
    bundle = load_bundle(SCAN_TASK, tiny_root)
    scan = np.random.default_rng(4).random((32, 32, 1), dtype=np.float32)
    return Subject(bundle, scan, None, 1)


@pytest.fixture(scope="module")
def beat_subject(tiny_root):
    bundle = load_bundle(SIGNAL_TASK, tiny_root)
    shapes = [tuple(tensor.shape[2:]) for tensor in bundle.network.inputs]
    draw = np.random.default_rng(5)
    windows = draw.standard_normal((7, *shapes[0]), dtype=np.float32)
    return Subject(bundle, (windows, draw.standard_normal((7, *shapes[1]), np.float32)), 3, 0)


@pytest.fixture(scope="module")
def base_subject(tmp_path_factory, bases):
    root = tmp_path_factory.mktemp("sequence")
    write_tiny_sequence_bundle(root)
    return Subject(load_bundle(SEQUENCE_TASK, root), bases, None, 2)


def test_an_audit_of_a_scan_is_plain_json_and_reports_its_progress(scan_subject):
    plan, told = ExplainPlan.of(scan_subject.bundle), []
    found = scan_subject.explain(plan.method)
    result = audit(scan_subject, plan.method, found, plan, progress=told.append)
    content = json.loads(json.dumps(result.to_dict()))
    assert content["verdict"] == result.sentence
    assert content["faithfulness"]["random_maps"] == 2 * plan.rule.randoms
    assert "blurred" in content["faithfulness"]["replaced_by"]
    assert len(result.faithfulness.alone) == 3
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert result.stability is not None
    assert result.stability.n == 4


def test_a_scan_is_asked_for_its_outside_only_where_the_usual_places_were_measured(scan_subject):
    plan = ExplainPlan.of(scan_subject.bundle)
    found = scan_subject.explain(plan.method)
    assert audit(scan_subject, plan.method, found, plan).shortcut is None
    usual = {plan.method: dict.fromkeys(PARTS, 0.1)}
    trust = scan_subject.bundle.trust
    trust = trust | {"explain": trust.get("explain", {}) | {"shortcut": usual}}
    bundle = replace(scan_subject.bundle, trust=trust)
    measured = Subject(bundle, scan_subject.x, None, scan_subject.class_index)
    assert audit(measured, plan.method, found, plan).shortcut is not None


def test_whatever_progress_raises_stops_it(scan_subject):
    class EnoughError(Exception):
        pass

    def enough(share):
        if share > 0.3:
            raise EnoughError

    plan = ExplainPlan.of(scan_subject.bundle)
    with pytest.raises(EnoughError):
        audit(scan_subject, "grad_cam", scan_subject.explain("grad_cam"), plan, progress=enough)


def test_a_map_turned_round_does_worse(scan_subject):
    plan = ExplainPlan.of(scan_subject.bundle)
    found = scan_subject.explain("hires_cam")
    there = audit(scan_subject, "hires_cam", found, plan).faithfulness.area
    turned = replace(found, values=-found.values)
    back = audit(scan_subject, "hires_cam", turned, plan).faithfulness.area
    assert there == pytest.approx(-back, abs=1e-5)
    assert there > 0


def test_a_sensitivity_is_judged_by_its_size(scan_subject):
    plan = ExplainPlan.of(scan_subject.bundle)
    found = scan_subject.explain("gradient_saliency")
    turned = replace(found, values=-found.values)
    areas = [
        audit(scan_subject, "gradient_saliency", one, plan).faithfulness.area
        for one in (found, turned)
    ]
    assert areas[0] == areas[1]


def test_a_beat_is_audited_with_its_numbers(beat_subject):
    plan = ExplainPlan.of(beat_subject.bundle)
    assert plan.method == "beat_contributions"
    found = beat_subject.explain(plan.method)
    result = audit(beat_subject, plan.method, found, plan)
    assert result.completeness < 0.2
    assert result.shortcut is None
    assert "usual beat" in result.faithfulness.baseline
    # Trace alone, without the numbers, is another order.
    alone = replace(found, context=None)
    without = audit(beat_subject, plan.method, alone, plan)
    assert without.faithfulness.area != result.faithfulness.area


def test_a_subject_answers_as_the_network_does(scan_subject, beat_subject):
    network = scan_subject.bundle.network
    expected = network(np.asarray(scan_subject.x)[None], training=False).numpy()
    np.testing.assert_allclose(scan_subject.logits, expected, atol=1e-4)
    np.testing.assert_allclose(
        scan_subject.answers(np.asarray(scan_subject.x)[None]), expected, atol=1e-4
    )
    windows, numbers = beat_subject.x
    answers = beat_subject.bundle.network([windows[None], numbers[None]], training=False).numpy()
    np.testing.assert_allclose(beat_subject.logits[0], answers[0, 3], atol=1e-4)
    assert beat_subject.others[0] != beat_subject.class_index
    assert sorted((*beat_subject.others, beat_subject.class_index)) == [0, 1, 2, 3]


def test_an_audit_of_a_sequence_has_all_that_there_is(base_subject):
    plan, told = ExplainPlan.of(base_subject.bundle), []
    assert (plan.method, plan.baselines) == ("mutagenesis", ("unknown", "shuffled", "random"))
    found = base_subject.explain(plan.method)
    result = audit(base_subject, plan.method, found, plan, progress=told.append)
    content = json.loads(json.dumps(result.to_dict()))
    assert content["faithfulness"]["replaced_by"] == (
        "unknown bases, the sequence's own bases in another order and random bases"
    )
    assert len(result.faithfulness.alone) == 3
    assert told == sorted(told)
    assert result.stability.n == 2
    assert (content["shortcut"], content["completeness_error"]) == (None, None)
    # Replacing everything is the mean over the three baselines.
    assert result.faithfulness.whole == pytest.approx(
        base_subject.score(base_subject.logits)[0], abs=1e-4
    )
    shares = audit(
        base_subject, "integrated_gradients", base_subject.explain("integrated_gradients"), plan
    )
    assert 0 <= shares.completeness < 0.05


def test_a_gradient_to_a_base_is_judged_with_its_sign(base_subject):
    plan = ExplainPlan.of(base_subject.bundle)
    found = base_subject.explain("gradient_saliency")
    areas = [
        audit(base_subject, "gradient_saliency", one, plan).faithfulness.area
        for one in (found, replace(found, values=-found.values))
    ]
    assert areas[0] == pytest.approx(-areas[1], abs=1e-5)
    assert areas[0] > 0


def test_a_subject_answers_for_sequences_as_the_network_does(base_subject, random):
    network = base_subject.bundle.network
    letters = random.integers(4, size=(3, 60))
    some = np.eye(4, dtype=np.float32)[letters]
    expected = network(some, training=False).numpy()
    np.testing.assert_allclose(base_subject.answers(some), expected, atol=1e-4)
    other = base_subject.instead(some[1])
    np.testing.assert_allclose(other.logits, expected[1:2], atol=1e-4)
