"""What an audit costs, beside passes of the network one at a time."""

from __future__ import annotations

import time
from statistics import median

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.explain.audit import audit
from medmodels.explain.faithfulness import measure_faithfulness
from medmodels.explain.plan import ExplainPlan, Rule
from medmodels.explain.subject import Subject
from medmodels.inputs.open_scan import open_scan
from medmodels.reading import read
from medmodels.samples import list_samples

pytestmark = pytest.mark.benchmark


def seconds(work, times=5):
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return median(found)


def test_a_live_audit_and_a_pair_of_curves_on_the_chest_network():
    bundle = load_bundle("chest-xray")
    reading = read(bundle, open_scan(list_samples("chest-xray")[0].read_bytes()))
    subject = Subject(bundle, reading.scan.network_input, None, int(reading.labels[0]))
    plan = ExplainPlan.of(bundle)
    found = subject.explain(plan.method)
    live = seconds(lambda: audit(subject, plan.method, found, plan))

    # The smallest run that draws curves of 50 steps: the map, both controls, one random map.
    one = ExplainPlan(plan.method, plan.baselines[:1], plan.cells, 1, Rule(steps=50, randoms=1))
    parts = subject.parts(one)
    importance = [parts.importance(found)]
    four = seconds(
        lambda: measure_faithfulness(parts, importance, subject.score, baseline="", rule=one.rule)
    )
    scan = np.asarray(subject.x)[None]
    graph = subject.bundle.network
    alone = seconds(lambda: graph(scan, training=False), times=20)
    pair = four / 4
    print(
        f"\nlive audit {live:.2f} s; deletion and insertion in 50 steps {pair:.2f} s, "
        f"{100 * alone / pair:.1f} times as fast as model(x) 100 times"
    )
    assert 100 * alone > 2 * pair
