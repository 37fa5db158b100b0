"""Where the published figures and inputs come from."""

from __future__ import annotations

AXELROD_BENNETT = (
    "Axelrod R, Bennett DS 1993, A Landscape Theory of Aggregation, "
    "British Journal of Political Science 23(2):211-233"
)
AXELROD_FURNAS = (
    "Axelrod R, Furnas Z 2016, ISIS landscape calculations, repository alexanderfurnas/Landscape_Theory"
)
COW = "Correlates of War, National Material Capabilities 7.0 (cinc x 100)"
BROCK_DURLAUF = (
    "Brock WA, Durlauf SN 2001, Discrete Choice with Social Interactions, "
    "Review of Economic Studies 68(2):235-260"
)
BROCK_DURLAUF_MANY = (
    "Brock WA, Durlauf SN 2002, A Multinomial-Choice Model of Neighborhood Effects, "
    "American Economic Review 92(2):298-303"
)
BETHE = "Cavity equations of Bethe and Peierls for random regular graphs"
ONSAGER = "Onsager L 1944, Crystal Statistics I, Physical Review 65:117-149"
STATUS_QUO = "Own derivation from the rule of Brock & Durlauf 2001"
GRANOVETTER = (
    "Granovetter M 1978, Threshold Models of Collective Behavior, "
    "American Journal of Sociology 83(6):1420-1443"
)
BASS = "Bass FM 1969, A New Product Growth for Model Consumer Durables, Management Science 15(5):215-227"
EMISSIONS = (
    "Bueno de Mesquita B, Stokman F (eds) 1994, European Community Decision Making; inputs as tabulated by "
    "Scholz JB, Calbert GJ, Smith GA 2011, Journal of Theoretical Politics 23(4)"
)
SULTAN = "Oil price example of B Bueno de Mesquita, repository jmckib/bdm-scholz-expected-utility-model"
KTAB = "KAPSARC Toolkit for Behavioral Analysis, sample on energy reform, repository lsyaseen/KTAB (MIT)"
ISHIGAMI = "Ishigami T, Homma T 1990, Proceedings of ISUMA 90:398-403"
SOBOL_G = "Saltelli A, Sobol IM 1995, Reliability Engineering and System Safety 50(3):225-239"
LAAKSO_TAAGEPERA = "Laakso M, Taagepera R 1979, Comparative Political Studies 12(1):3-27"
GOLOSOV = "Golosov GV 2010, Party Politics 16(2):171-192"
ESTEBAN_RAY = "Esteban J, Ray D 1994, Econometrica 62(4):819-851"
REYNAL_QUEROL = "Montalvo JG, Reynal-Querol M 2005, American Economic Review 95(3):796-816"
