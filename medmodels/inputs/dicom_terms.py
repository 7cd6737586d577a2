"""Words that coded DICOM values may be made of, so that none of them can be a name.

A code string (VR CS) is meant to hold a term of the standard, and nothing stops a scanner
from holding anything else in it.
"""

from __future__ import annotations

import re
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# PS3.3, C.7.3.1.1.1, with the retired ones that old files hold.
MODALITIES = _words(
    "ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID "
    "GM HC HD IO IOL IVOCT IVUS KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPR OPT OPTBSV OPTENF "
    "OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD "
    "RTRECORD RTSEGANN RTSTRUCT RWV SC SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA VF XA "
    "XAPROTOCOL XC AS CD CF CP CS DD DF DM DR DS EC FA FS LP MA MS OPTOMETRY PI RT ST TH VIDD "
    "XR"
)

# PS3.3, C.8.1 and C.8.7.1, PS3.16 CID 4010 and 4014, and what scanners write.
VIEWS = _words(
    "PA AP LL RL LLD RLD LLO RLO LAT LATERAL CC MLO ML LM LMO XCC XCCL XCCM FB SIO ISO CV AT "
    "TAN OBL OBLIQUE RAO LAO RPO LPO ERECT SUPINE PRONE AXIAL ADP LDP PDP"
)

# PS3.16, annex L (Body Part Examined) and the words of CID 4, in which terms are run together.
_BODY = _words(
    "ABDOMEN ABDOMENPELVIS ACJOINT ADRENAL ANKLE ANUS AORTA ARM ARTERY AXILLA BACK BILEDUCT "
    "BLADDER BODY BONE BRAIN BREAST BRONCHUS BUTTOCK CALCANEUS CALF CAROTID CEREBELLUM CERVIX "
    "CHEEK CHEST CHESTABDOMEN CHESTABDPELVIS CLAVICLE COCCYX COLON CORNEA CSPINE CTSPINE "
    "DUODENUM EAR ELBOW ESOPHAGUS EXTREMITY EYE EYELID FACE FEMUR FIBULA FINGER FOOT FOREARM "
    "GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS ILEUM ILIUM IAC JAW JAWREGION JEJUNUM "
    "KIDNEY KNEE LARYNX LEG LIVER LSPINE LSSPINE LUMBAR LUNG MANDIBLE MAXILLA MEDIASTINUM MOUTH "
    "NASOPHARYNX NECK NECKCHEST NECKCHESTABDOMEN NECKCHESTABDPELV NOSE ORBIT OVARY PANCREAS "
    "PAROTID PATELLA PELVIS PELVISLOWEXTREMT PENIS PHANTOM PHARYNX PROSTATE RECTUM RIB RIBS "
    "SACRUM SCALP SCAPULA SCLERA SCROTUM SELLA SHOULDER SIJOINT SINUS SINUSES SKULL "
    "SMALLINTESTINE SPECIMEN SPINE SPLEEN SSPINE STERNUM STOMACH SUBMANDIBULAR TESTIS THIGH "
    "THORAX THUMB THYMUS THYROID TIBIA TIBIAFIBULA TLSPINE TMJ TOE TONGUE TRACHEA TSPINE URETER "
    "URETHRA UTERUS VAGINA VEIN VULVA WHOLEBODY WRIST ZYGOMA UPPER LOWER LEFT RIGHT BOTH "
    "ANTERIOR POSTERIOR CERVICAL THORACIC SACRAL CORONARY CARDIAC PULMONARY CEREBRAL RENAL "
    "ILIAC FEMORAL SOFT TISSUE REGION ENTIRE WHOLE SMALL LARGE INTESTINE LIMB JOINT INTERNAL "
    "EXTERNAL AND OF PA AP LAT LATERAL BEDSIDE PORTABLE"
)

# What windows are called (WindowCenterWidthExplanation is free text).
_WINDOWS = _BODY | _words(
    "ALGO ALGO1 ALGO2 ALGO3 ABDO BONES CONTRAST CUSTOM DEFAULT FILE FULL HARD HARDER HIGH LUNGS "
    "LOW MEDIUM NARROW NORMAL ORIGINAL PRESET RANGE SOFTER STANDARD SUBDURAL STROKE USER "
    "VASCULAR WIDE WINDOW WINDOW1 WINDOW2 WINDOW3 WL WW"
)


def term(value: Any, allowed: frozenset[str]) -> str:
    """Give a code if it is one of the terms, and nothing otherwise.

    Parameters
    ----------
    value : object
        As pydicom gives it; of several values the text has a backslash or a bracket.
    allowed : frozenset of str

    Returns
    -------
    str
        In capitals; empty for anything else.

    Examples
    --------
    >>> term("pa ", VIEWS), term("JOHN DOE", VIEWS)
    ('PA', '')
    """
    text = str(value or "").strip().upper()
    return text if text in allowed else ""


def body_part(value: Any) -> str:
    """Give a body part (VR CS) if each of its words names one, or a side or region of one.

    Examples
    --------
    >>> body_part("chest"), body_part("LEFT_HAND"), body_part("MARY SMITH")
    ('CHEST', 'LEFT_HAND', '')
    """
    text = str(value or "").strip().upper()
    words = re.split(r"[ _]+", text) if re.fullmatch(r"[A-Z_ ]{1,16}", text) else []
    return text if words and _BODY.issuperset(words) else ""


def window_name(value: Any) -> str:
    """Give what a window is called if each of its words is one that windows are called by.

    Examples
    --------
    >>> window_name("SOFT TISSUE"), window_name("HARDER"), window_name("Mrs Smith")
    ('SOFT TISSUE', 'HARDER', '')
    """
    text = str(value or "").strip()
    plain = re.fullmatch(r"[\w .+/-]{1,24}", text)
    words = re.split(r"[ _./+-]+", text.upper()) if plain else []
    return (
        text if words and all(w in _WINDOWS or (w.isdigit() and len(w) < 3) for w in words) else ""
    )
