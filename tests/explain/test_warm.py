"""What is warmed is not compiled again when it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain import masking, past_steps
from medmodels.explain.base_masking import BaseMasking
from medmodels.explain.beat_stages import stages_of
from medmodels.explain.compiled import compiled
from medmodels.explain.methods import methods_for
from medmodels.explain.step_influence import _graph
from medmodels.explain.warm import warm_explanations


def traced(graph) -> int:
    return int(graph.experimental_get_tracing_count())


@pytest.mark.parametrize("members", [1, 2])
def test_a_signals_graphs_are_traced_once(members, beats):
    from medmodels.networks.rnn import beat_rnn

    network = beat_rnn(30, 2, 3, 4, width=4, members=members)
    warm_explanations(network, beats=len(beats[0]))
    stages = stages_of(network)
    graphs = [
        compiled(network)._one_answer, compiled(network)._one_derivative,
        stages._encode, stages._read, stages._derive, _graph(network, "beats")._graph,
        _graph(network, "moments")._graph,
    ]  # fmt: skip
    assert list(map(traced, graphs)) == [1] * len(graphs)
    for method in methods_for("signal"):
        method.explain(network, beats, 0, beat=2)
    past_steps.explain(network, beats, 0, beat=2, level="moments")
    assert list(map(traced, graphs)) == [1] * len(graphs)


def test_a_scans_graphs_are_traced_once(make_scan_network, scan):
    network = make_scan_network()
    warm_explanations(network)
    graphs = [
        compiled(network)._one_answer, compiled(network)._one_derivative,
        masking._scan_graph(network),
    ]  # fmt: skip
    assert list(map(traced, graphs)) == [1] * len(graphs)
    for method in methods_for("scan"):
        if not method.uses_layer:
            method.explain(network, scan, 0)
    masking.ScanMasking(network, scan, scan).logits(np.ones((3, 24, 20)))
    assert list(map(traced, graphs)) == [1] * len(graphs)


def test_a_sequences_graphs_are_traced_once(make_base_network, bases):
    network = make_base_network()
    warm_explanations(network)
    graphs = [compiled(network)._one_answer, compiled(network)._one_derivative]
    assert list(map(traced, graphs)) == [1, 1]
    for method in methods_for("sequence"):
        method.explain(network, bases, 0)
    BaseMasking(network, bases, bases).logits(np.ones((3, 60)))
    assert list(map(traced, graphs)) == [1, 1]


def test_a_network_without_a_memory_is_warmed_too():
    import keras
    from keras import layers

    windows, rhythm = keras.Input((None, 4, 1)), keras.Input((None, 2))
    both = layers.Concatenate()([layers.Reshape((-1, 4))(windows), rhythm])
    network = keras.Model([windows, rhythm], layers.Dense(3)(both))
    warm_explanations(network)
    assert traced(compiled(network)._one_derivative) == 1
