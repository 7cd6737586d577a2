"""The ECG beat network: recurrent within each beat and across beats."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops, regularizers

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
    """Put the beats back into their recordings: (B * T, F) to (B, T, F), T as in the second input."""

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
    width: int = 24, dropout: float = 0.3, decay: float = 0.0,
) -> keras.Model:  # fmt: skip
    """A small recurrent network that reads beats in the order of the recording.

    Two strided convolutions shorten each beat; a bidirectional GRU reads it
    sample by sample; a second one reads the beats, each with its rhythm, in
    both directions along the recording.

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
    decay : float
        L2 penalty on the kernels.

    Returns
    -------
    keras.Model
        Flat and functional; inputs ``windows`` (B, T, samples, leads) and
        ``rhythm`` (B, T, context) with T free, output ``logits`` (B, T, classes).
    """
    l2 = regularizers.L2(decay) if decay else None
    windows = layers.Input((None, samples, leads), name="windows")
    rhythm = layers.Input((None, context), name="rhythm")
    x = layers.Conv2D(16, (1, 7), strides=(1, 2), padding="same", activation="relu",
                      kernel_regularizer=l2, name="slopes")(windows)  # fmt: skip
    x = layers.Conv2D(width, (1, 5), strides=(1, 2), padding="same", activation="relu",
                      kernel_regularizer=l2, name="waves")(x)  # fmt: skip
    x = layers.SpatialDropout2D(dropout / 2, name="drop_waves")(x)
    x = FoldBeats(name="fold")(x)
    x = layers.Bidirectional(layers.GRU(width, kernel_regularizer=l2), name="within_beat")(x)
    x = UnfoldBeats(name="unfold")([x, rhythm])
    x = layers.Dropout(dropout, name="drop_shape")(x)
    x = layers.Dense(width, activation="relu", kernel_regularizer=l2, name="shape")(x)
    r = layers.Dense(width, activation="relu", kernel_regularizer=l2, name="context")(rhythm)
    r = layers.Dropout(dropout, name="drop_context")(r)
    beat = layers.Concatenate(name="beat")([x, r])
    x = layers.Bidirectional(
        layers.GRU(width, return_sequences=True, kernel_regularizer=l2), name="across_beats"
    )(beat)
    x = layers.Concatenate(name="beat_and_neighbours")([beat, x])
    x = layers.Dropout(dropout, name="drop_all")(x)
    x = layers.Dense(width, activation="relu", kernel_regularizer=l2, name="judgement")(x)
    logits = layers.Dense(classes, name="logits")(x)
    return keras.Model([windows, rhythm], logits, name="ecg_beats")


def plain_lstm(samples: int, leads: int, context: int, classes: int, *, width: int = 32) -> keras.Model:
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
    return keras.Model([windows, rhythm], layers.Dense(classes, name="logits")(x), name="plain_lstm")
