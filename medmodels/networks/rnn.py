"""The ECG beat network: recurrent within each beat and across beats."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from medmodels.networks.averaging import averaged

_PACKAGE = "diaphane"


@keras.saving.register_keras_serializable(package=_PACKAGE)
class FoldBeats(layers.Layer):
    """Lay the beats of all recordings side by side: (B, T, S, F) to (B * T, S, F)."""

    def call(self, x: Any) -> Any:
        """Fold; every beat is a sequence of its own then."""
        return ops.reshape(x, (-1, *x.shape[2:]))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Shape without the beat axis."""
        return (None, *input_shape[2:])


@keras.saving.register_keras_serializable(package=_PACKAGE)
class UnfoldBeats(layers.Layer):
    """Put the beats back: (B * T, F) to (B, T, F), B and T as in the second input."""

    def call(self, inputs: list[Any]) -> Any:
        """Unfold the first input to the beat axis of the second."""
        folded, like = inputs
        shape = ops.shape(like)
        return ops.reshape(folded, (shape[0], shape[1], folded.shape[-1]))

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        """Shape with the beat axis."""
        folded, like = input_shape
        return (like[0], like[1], folded[-1])


def beat_rnn(
    samples: int, leads: int, context: int, classes: int, *,
    width: int = 24, dropout: float = 0.3, members: int = 1,
) -> keras.Model:  # fmt: skip
    """A small recurrent network that reads beats in the order of the recording.

    Two strided convolutions shorten each beat; a bidirectional GRU reads it
    sample by sample; a second one reads the beats, each with its rhythm, in
    both directions along the recording. Several such members may stand side by
    side in the one flat graph; their logits are averaged.

    Parameters
    ----------
    samples, leads : int
        Size of a beat's window.
    context : int
        Rhythm and shape numbers per beat.
    classes : int
    width : int
        Units of each recurrent layer in one direction.
    dropout : float
        Share of features dropped while training.
    members : int

    Returns
    -------
    keras.Model
        Flat and functional; inputs ``windows`` (B, T, samples, leads) and
        ``rhythm`` (B, T, context) with T free, output ``logits`` (B, T, classes).
    """
    windows = layers.Input((None, samples, leads), name="windows")
    rhythm = layers.Input((None, context), name="rhythm")
    if members == 1:
        logits = _member(windows, rhythm, classes, width, dropout, "")
    else:
        each = [
            _member(windows, rhythm, classes, width, dropout, f"_{k + 1}") for k in range(members)
        ]
        logits = layers.Average(name="logits")(each)
    return keras.Model([windows, rhythm], logits, name="ecg_beats")


def _member(
    windows: Any, rhythm: Any, classes: int, width: int, dropout: float, suffix: str
) -> Any:
    """One member's logits; the suffix keeps its layers' names its own."""
    x = layers.Conv2D(16, (1, 7), strides=(1, 2), padding="same", activation="relu",
                      name=f"slopes{suffix}")(windows)  # fmt: skip
    x = layers.Conv2D(width, (1, 5), strides=(1, 2), padding="same", activation="relu",
                      name=f"waves{suffix}")(x)  # fmt: skip
    x = layers.SpatialDropout2D(dropout / 2, name=f"drop_waves{suffix}")(x)
    x = FoldBeats(name=f"fold{suffix}")(x)
    x = layers.Bidirectional(layers.GRU(width), name=f"within_beat{suffix}")(x)
    x = UnfoldBeats(name=f"unfold{suffix}")([x, rhythm])
    x = layers.Dropout(dropout, name=f"drop_shape{suffix}")(x)
    x = layers.Dense(width, activation="relu", name=f"shape{suffix}")(x)
    r = layers.Dense(width, activation="relu", name=f"context{suffix}")(rhythm)
    r = layers.Dropout(dropout, name=f"drop_context{suffix}")(r)
    beat = layers.Concatenate(name=f"beat{suffix}")([x, r])
    x = layers.Bidirectional(
        layers.GRU(width, return_sequences=True), name=f"across_beats{suffix}"
    )(beat)
    x = layers.Concatenate(name=f"beat_and_neighbours{suffix}")([beat, x])
    x = layers.Dropout(dropout, name=f"drop_all{suffix}")(x)
    x = layers.Dense(width, activation="relu", name=f"judgement{suffix}")(x)
    return layers.Dense(classes, name=f"logits{suffix}")(x)


def average_members(networks: list[keras.Model], **shape: Any) -> keras.Model:
    """Networks of one shape as one flat graph that averages their logits.

    Parameters
    ----------
    networks : list of keras.Model
        From :func:`beat_rnn` with one member each.
    **shape
        What each was made with: ``samples``, ``leads``, ``context``,
        ``classes`` and, where given, ``width`` and ``dropout``.

    Returns
    -------
    keras.Model
    """
    return averaged(networks, lambda members: beat_rnn(**shape, members=members))


def plain_lstm(
    samples: int, leads: int, context: int, classes: int, *, width: int = 32
) -> keras.Model:
    """The plain recurrent network: one LSTM over the samples of a single beat.

    Parameters
    ----------
    samples, leads, context, classes, width : int
        As in :func:`beat_rnn`; the rhythm is an input but is not used.

    Returns
    -------
    keras.Model
        Same inputs and output as :func:`beat_rnn`.
    """
    windows = layers.Input((None, samples, leads), name="windows")
    rhythm = layers.Input((None, context), name="rhythm")
    x = FoldBeats(name="fold")(windows)
    x = layers.LSTM(width, name="within_beat")(x)
    x = UnfoldBeats(name="unfold")([x, rhythm])
    logits = layers.Dense(classes, name="logits")(x)
    return keras.Model([windows, rhythm], logits, name="plain_lstm")
