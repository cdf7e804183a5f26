"""What is stored about measures beyond what other tables hold, and the register of OCOP."""

from programmes.models.measures import ObservedStatistic, Target
from programmes.models.ocop import OcopPhoto, OcopProducer, OcopProduct
from programmes.models.ocop_acts import OcopAssessment, OcopNotice, OcopRecognition, OcopSheet
from programmes.models.ocop_scales import OcopAuthority, OcopBand, OcopGroup, OcopLevel, OcopScale

__all__ = [
    "ObservedStatistic",
    "OcopAssessment",
    "OcopAuthority",
    "OcopBand",
    "OcopGroup",
    "OcopLevel",
    "OcopNotice",
    "OcopPhoto",
    "OcopProducer",
    "OcopProduct",
    "OcopRecognition",
    "OcopScale",
    "OcopSheet",
    "Target",
]
