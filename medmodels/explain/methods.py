"""The explanation methods that can be asked for, and what each is good for.

Importing this costs nothing: TensorFlow is imported when a method first runs.
"""

from __future__ import annotations

from medmodels.explain.method import Kind, Method

# To stand beside every map of a signal.
SIGNAL_NOTE = (
    "Only the trace is explained: the intervals and measurements that the network"
    " is given beside it are held fixed."
)

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            name="hires_cam",
            title="HiResCAM",
            shows="What each cell of a coarse grid added to this answer's odds against the others, "
            "and what it took from them.",
            hides="Fine detail.",
            cost="Comes with the answer; no extra wait.",
            kinds=("scan",),
            uses_layer=True,
        ),
        Method(
            name="grad_cam",
            title="Grad-CAM",
            shows="Regions whose features raised the score of this answer, on a coarse grid.",
            hides="Fine detail, and anything that spoke against the answer.",
            cost="Comes with the answer; no extra wait.",
            kinds=("scan",),
            uses_layer=True,
        ),
        Method(
            name="grad_cam_plus_plus",
            title="Grad-CAM++",
            shows="As Grad-CAM, with more weight on several separate or small regions.",
            hides="Fine detail, what spoke against the answer, and how sure the network is.",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("scan",),
            uses_layer=True,
        ),
        Method(
            name="layer_cam",
            title="Layer-CAM",
            shows="As Grad-CAM, with every grid cell judged on its own.",
            hides="What spoke against the answer; a finer layer shows edges that may not matter.",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("scan",),
            uses_layer=True,
        ),
        Method(
            name="beat_contributions",
            title="Contributions",
            shows="How much each part of the trace, and each number read beside it, added to or "
            "took from the score, against another beat in its place.",
            hides="What the beat has in common with that other beat, and how parts act together.",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("signal",),
            uses_contrasts=True,
        ),
        Method(
            name="mutagenesis",
            title="Mutagenesis",
            shows="How much the answer's odds fall, on average, when one base becomes another; "
            "below zero where another base would suit the answer better.",
            hides="What two bases say alike: changing one leaves the other.",
            cost="A fraction of a second: the network reads every single change of the sequence.",
            kinds=("sequence",),
        ),
        Method(
            name="gradient_saliency",
            title="Gradient saliency",
            shows="Where a slightly higher value, or a little more of the letter that stands "
            "there, would raise or lower the score the most.",
            hides="How much each part contributed to the score; the map is often grainy.",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("scan", "signal", "sequence"),
            sensitivity=True,
        ),
        Method(
            name="smooth_grad",
            title="SmoothGrad",
            shows="As gradient saliency, averaged over noisy copies, so that grain fades.",
            hides="How much each part contributed to the score, and details below the noise.",
            cost="Under a second; the first time a few seconds.",
            kinds=("scan", "signal"),
            sensitivity=True,
        ),
        Method(
            name="integrated_gradients",
            title="Integrated gradients",
            shows="How much each part added to or took from the score, against a stated baseline.",
            hides="Parts that equal the baseline, and how parts act together.",
            cost="Up to a second; the first time a few seconds.",
            kinds=("scan", "signal", "sequence"),
        ),
        Method(
            name="occlusion",
            title="Occlusion",
            shows="How much the answer's odds fall when one part of the scan is blurred away; "
            "below zero where they rise.",
            hides="Small detail, and what two parts say alike: hiding one leaves the other.",
            cost="Under a second: the network reads the scan about 200 times.",
            kinds=("scan",),
        ),
        Method(
            name="lime",
            title="LIME",
            shows="How much more this answer's odds are on average where a place can be seen, with "
            "random other parts of the scan hidden; below zero where they are less.",
            hides="Small detail, and how parts act together.",
            cost="Up to ten seconds: the network reads the scan 600 to 2,400 times.",
            kinds=("scan",),
            uses_place=True,
        ),
        Method(
            name="score_cam",
            title="Score-CAM",
            shows="Regions that raise the probability of this answer when only they are shown.",
            hides="What spoke against the answer; masked scans look unlike any real scan.",
            cost="About a second: the network reads the scan once for each of its features.",
            kinds=("scan",),
            uses_layer=True,
        ),
        Method(
            name="rise",
            title="RISE",
            shows="How much likelier this answer is while a place can be seen than on the whole, "
            "with random parts of the scan blurred away; below zero where it is less likely.",
            hides="Small detail, and what another set of random masks would show otherwise.",
            cost="About two seconds: the network reads the scan 500 times.",
            kinds=("scan",),
        ),
        Method(
            name="occlusion_samples",
            title="Occlusion of samples",
            shows="How much the answer loses when 40 ms of this beat, or of the beats beside it, "
            "are replaced by another beat's trace; below zero where it gains.",
            hides="What looks the same in that other beat, and what two places say alike.",
            cost="Under a second; the first time a few seconds.",
            kinds=("signal",),
            uses_contrast=True,
        ),
        Method(
            name="occlusion_waves",
            title="Occlusion of waves",
            shows="How much the answer loses when the P wave, the QRS complex, the ST segment or "
            "the T wave is replaced by that of another beat.",
            hides="Where in a wave it lies, and timing, for the intervals stay. The limits of "
            "the waves are estimates.",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("signal",),
            uses_contrast=True,
        ),
        Method(
            name="occlusion_beats",
            title="Occlusion of beats",
            shows="How much the answer loses when one whole beat, its trace and its numbers, is "
            "replaced by the usual beat: this one, or one of those around it.",
            hides="Where in a beat it lies, and what several beats say alike.",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("signal",),
            uses_contrast=True,
            per_beat=True,
        ),
        Method(
            name="past_steps",
            title="Influence of past steps",
            shows="How far the network's memory reaches: how much the answer changes as it takes "
            "in one more beat, back from this one and on from it; nothing is replaced.",
            hides="Where in a beat it lies, and what another beat in a beat's place would change "
            "(occlusion of beats does that).",
            cost="A fraction of a second; the first time a few seconds.",
            kinds=("signal",),
            per_beat=True,
        ),
    )
}


def methods_for(kind: Kind) -> tuple[Method, ...]:
    """The methods for a kind of input, cheapest first."""
    return tuple(method for method in METHODS.values() if kind in method.kinds)
