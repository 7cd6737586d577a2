"""One case of a worklist: what a reading comes to in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from medmodels.inputs.errors import InputError
from medmodels.reading import Reading
from medmodels.trust.decision import ABSTAIN

#: State of a file that holds nothing that can be read; the others are a decision's.
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True)
class Line:
    """One case.

    Parameters
    ----------
    file : str
        What the case is called; on screen a number, for names can be people's.
    state : str
        "answer", "warn", "abstain" (see `medmodels.trust.decision`) or
        `UNREADABLE`.
    answer : str
        Name of the class that was decided; of several rows (beats, windows) the
        gravest that was. Empty where there is no answer.
    probability : float or None
        Of the answer, calibrated, 0 to 1; None for several rows.
    severity : int
        Of the answer, as its card says: 0 nothing to see, 1 to watch, 2 needs
        attention.
    urgency : float
        How probable it is that anything needs a look (classes of severity 1 and
        2), or of several rows the share decided so; 0 to 1.
    doubt : float
        1 less the probability of the answer, or of several rows the share in
        which more than one label is left, or none; 0 to 1.
    left : tuple of str
        Labels that cannot be ruled out at the highest level; empty for several rows.
    counts : mapping of str to int
        Rows by the class decided.
    reasons : tuple of str
        Why an answer is doubted, withheld or impossible.
    input_digest, bundle_digest : str
        SHA-256, hexadecimal.
    seconds : float
        What reading took, of a batch its share.
    burned_in : tuple of str
        Why there may be text in a scan's pixels: "stated" by the file, "seen" where the
        pixels were searched (`medmodels.inputs.burned_in.signs_of_text`).
    """

    file: str
    state: str
    answer: str = ""
    probability: float | None = None
    severity: int = 0
    urgency: float = 0.0
    doubt: float = 0.0
    left: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    input_digest: str = ""
    bundle_digest: str = ""
    seconds: float = 0.0
    burned_in: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether there is an answer, with a warning or without."""
        return bool(self.answer)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            "file": self.file,
            "state": self.state,
            "answer": self.answer or None,
            "probability": None if self.probability is None else round(self.probability, 6),
            "severity": self.severity if self.answered else None,
            "urgency": round(self.urgency, 6) if self.answered else None,
            "doubt": round(self.doubt, 6) if self.answered else None,
            "labels_left": list(self.left),
            "counts": dict(self.counts),
            "reasons": list(self.reasons),
            "burned_in": list(self.burned_in),
            "input_sha256": self.input_digest or None,
            "bundle": self.bundle_digest,
            "seconds": round(self.seconds, 4),
        }


def line_of(file: str, reading: Reading) -> Line:
    """What a reading comes to.

    Parameters
    ----------
    file : str
    reading : Reading
        Nothing of an answer that is withheld gets into the line.
    """
    reasons = tuple(reason.sentence for reason in reading.decision.reasons)
    known = Line(
        file,
        reading.decision.kind,
        reasons=reasons,
        input_digest=reading.input_digest,
        bundle_digest=reading.bundle_digest,
        seconds=sum(reading.timings.values()),
    )
    if reading.decision.kind == ABSTAIN:
        return known
    severities = np.array([entry.severity for entry in reading.card.classes])
    names, labels = reading.card.class_names, reading.labels
    counts = np.bincount(labels, minlength=len(names))
    # Of classes as grave as each other, the one found most often.
    answer = int(np.lexsort((counts, np.where(counts > 0, severities, -1)))[-1])
    one = len(labels) == 1
    held = max(reading.trust.sets.items())[1] if reading.trust and reading.trust.sets else None
    probability = float(reading.probabilities[0, answer]) if one else None
    if one:
        urgency = float(reading.probabilities[0, severities > 0].sum())
        doubt = 1.0 - float(reading.probabilities[0, answer])
    else:
        urgency = float((severities[labels] > 0).mean())
        doubt = 0.0 if held is None else float((held.sum(axis=1) != 1).mean())
    return replace(
        known,
        answer=names[answer],
        probability=probability,
        severity=int(severities[answer]),
        urgency=urgency,
        doubt=doubt,
        left=tuple(n for n, kept in zip(names, held[0], strict=True) if kept)
        if one and held is not None
        else (),
        counts={name: int(n) for name, n in zip(names, counts, strict=True) if n},
    )


def refused_line(file: str, error: InputError, bundle_digest: str, digest: str = "") -> Line:
    """A file that holds nothing that can be read.

    Parameters
    ----------
    file : str
    error : InputError
    bundle_digest : str
        Of the bundle that would have read it.
    digest : str
        SHA-256 of the file, where it could be read at all.
    """
    return Line(
        file, UNREADABLE, reasons=(str(error),), input_digest=digest, bundle_digest=bundle_digest
    )
