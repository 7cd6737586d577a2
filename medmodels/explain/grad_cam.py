"""Grad-CAM, together with the answer, out of one compiled graph.

Selvaraju et al. 2017, "Grad-CAM: visual explanations from deep networks via
gradient-based localization", arXiv 1610.02391.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from medmodels.explain.arguments import Array, as_inputs, check_target
from medmodels.explain.enlarge import enlarge
from medmodels.explain.layers import last_convolution
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.networks.as_graph import as_graph
from medmodels.networks.taps import TapSpec

# For a head that averages and weighs the activations, the cells of a map
# before rectifying, summed, are the logit without its bias.
UNIT = "logit-weighted activation"


class Answer(NamedTuple):
    """What a batch of scans gets.

    Parameters
    ----------
    logits : ndarray, float32, shape (N, K)
    cams : ndarray, float32, shape (N, K, h, w)
        Grad-CAM for every class at the explained layer's grid, at least 0,
        not normalised.
    evidence : ndarray, float32, shape (N, K, h, w)
        HiResCAM of every class's log-odds at the same grid, signed; see
        `medmodels.explain.hires_cam`.
    features : ndarray, float32, shape (N, D)
        What the taps made of each scan; D is 0 without taps.
    """

    logits: npt.NDArray[np.float32]
    cams: npt.NDArray[np.float32]
    evidence: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32]


class AnswerWithGradCam:
    """A network that gives its logits, and Grad-CAM and HiResCAM of every class, at once.

    One graph runs the network forward once and differentiates each logit back
    to the explained layer only, so that the maps cost little beside the
    answer. It is compiled once; only the number of scans may vary.

    XLA (``jit_compile``) is off: on two cores it made the graph 8 times slower.

    Parameters
    ----------
    network : keras.Model
        Functional and flat, one input (N, H, W, C), logits (N, K) out.
    layer_name : str
        The layer whose activations (N, h, w, channels) are explained.
    taps : TapSpec or None
        Which other activations become features, out of the same pass.

    Raises
    ------
    ValueError
        When there is no such layer.
    """

    def __init__(self, network: keras.Model, layer_name: str, taps: TapSpec | None = None) -> None:
        features = network.get_layer(layer_name).output
        tapped = taps.tensors(network) if taps else []
        self._network = keras.Model(network.inputs, [features, network.outputs[0], *tapped])
        self._taps = taps
        self._shape = tuple(network.inputs[0].shape[1:])
        signature = [tf.TensorSpec((None, *self._shape), tf.float32)]
        self._graph = as_graph(self._answer, input_signature=signature)
        self._plain = as_graph(self._answer_plainly, input_signature=signature)

    def __call__(self, x: npt.NDArray[np.float32]) -> Answer:
        """Answer and explain.

        Parameters
        ----------
        x : ndarray, float32, shape (N, H, W, C)
            Prepared scans, 0 to 1.
        """
        return Answer(*(part.numpy() for part in self._graph(tf.constant(x, tf.float32))))

    @staticmethod
    def together(scans: Sequence[npt.NDArray[np.float32]]) -> tf.Tensor:
        """Several scans (H, W, C) as one batch, copied before they are asked about."""
        return tf.constant(np.stack(scans))

    def without_maps(self, x: npt.NDArray[np.float32] | tf.Tensor) -> Answer:
        """Answer many scans; ``cams`` and ``evidence`` are empty, shape (N, 0, 0, 0)."""
        logits, features = (part.numpy() for part in self._plain(tf.constant(x, tf.float32)))
        none = np.empty((len(x), 0, 0, 0), np.float32)
        return Answer(logits, none, none, features)

    def warm(self) -> None:
        """Compile now, so that the first scan does not wait for it."""
        self(np.zeros((1, *self._shape), dtype=np.float32))

    def _answer(self, x: tf.Tensor) -> tuple[tf.Tensor, ...]:
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            # Watching the input puts the features on the tape; the gradients
            # below stop at them, and what is not needed is pruned.
            tape.watch(x)
            features, logits, *tapped = self._network(x, training=False)
            per_class = tf.unstack(logits, axis=1)
        gradients = tf.stack([tape.gradient(logit, features) for logit in per_class], axis=1)
        weights = tf.reduce_mean(gradients, axis=(2, 3))
        cams = tf.nn.relu(tf.einsum("nkc,nhwc->nkhw", weights, features))
        evidence = tf.einsum("nkhwc,nhwc->nkhw", against_the_rest(logits, gradients), features)
        return logits, cams, evidence, self._described(x, tapped)

    def _answer_plainly(self, x: tf.Tensor) -> tuple[tf.Tensor, ...]:
        _, logits, *tapped = self._network(x, training=False)
        return logits, self._described(x, tapped)

    def _described(self, x: tf.Tensor, tapped: list[tf.Tensor]) -> tf.Tensor:
        return self._taps.describe(tapped) if self._taps else tf.zeros((tf.shape(x)[0], 0))


def against_the_rest(logits: tf.Tensor, gradients: tf.Tensor) -> tf.Tensor:
    """Gradients of each class's log-odds out of those of the logits.

    Parameters
    ----------
    logits : tensor, shape (N, K)
    gradients : tensor, shape (N, K, ...)
        Of each logit.

    Returns
    -------
    tensor, shape (N, K, ...)
        Of each logit less the log of the summed exponentials of the others.
    """
    classes = logits.shape[1]
    hidden = tf.where(tf.eye(classes, dtype=tf.bool), -np.inf, logits[:, tf.newaxis, :])
    others = tf.nn.softmax(hidden, axis=-1)
    flat = tf.reshape(gradients, (tf.shape(gradients)[0], classes, -1))
    return tf.reshape(flat - others @ flat, tf.shape(gradients))


def to_map(cam: npt.NDArray[np.float32], size: tuple[int, int], class_index: int) -> SaliencyMap:
    """Put one Grad-CAM into the form that every method returns.

    Parameters
    ----------
    cam : ndarray, float32, shape (h, w)
        One of `Answer.cams`.
    size : tuple of int
        Height and width of the network's input.
    class_index : int
        The class that ``cam`` explains.

    Returns
    -------
    SaliencyMap
        Unsigned: Grad-CAM drops what speaks against the class.
    """
    return SaliencyMap(
        values=enlarge(cam, size),
        grid=(cam.shape[0], cam.shape[1]),
        signed=False,
        method="Grad-CAM",
        class_index=class_index,
        unit=UNIT,
    )


def explain(
    network: keras.Model,
    x: Array,
    class_index: int,
    *,
    layer_name: str | None = None,
) -> SaliencyMap:
    """Grad-CAM of one class for one scan.

    Parameters
    ----------
    network : keras.Model
        As for `AnswerWithGradCam`.
    x : ndarray, float32, shape (H, W, C) or (1, H, W, C)
        A prepared scan, 0 to 1.
    class_index : int
    layer_name : str or None
        The last convolution if not given.

    Returns
    -------
    SaliencyMap
        values (H, W), at least 0, grid (h, w) of the layer.
    """
    (scan,) = as_inputs(network, x)
    check_target(network, class_index, None, 0)
    answer = compiled_with_answer(network, layer_name or last_convolution(network))(scan)
    return to_map(answer.cams[0, class_index], scan.shape[1:3], class_index)


@lru_cache(maxsize=4)
def compiled_with_answer(network: keras.Model, layer_name: str) -> AnswerWithGradCam:
    """The graph of a network and one of its layers, made once."""
    return AnswerWithGradCam(network, layer_name)
