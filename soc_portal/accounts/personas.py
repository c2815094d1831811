"""The people of the demo. All of them are made up.

The slug is what `POST /demo/sign-in/` takes as `persona`; the demo state makes one account for each.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Persona:
    """One person of the demo: how they are called, who they are in words, and the language they read."""

    slug: str
    name: str
    who: str
    language: str = "en"
    near_miss: bool = False  # here to show what somebody must not see

    @property
    def email(self) -> str:
        return f"{self.slug}@demo.example"


PERSONAS = (
    Persona("caregiver", "Rosa Delgado", _("Mateo's mom")),
    Persona("youth", "Mateo Delgado", _("14 years old, it is his team")),
    Persona("grandmother", "Carmen Ruiz", _("Mateo's grandmother, a natural support"), "es"),
    Persona("family-partner", "Tonya Barnes", _("Family Partner, chosen by the family")),
    Persona("facilitator", "Andrea Pruitt", _("runs the team's meetings")),
    Persona("dss-worker", "Denise Whitfield", _("social worker, county social services")),
    Persona("court-counselor", "Devon Harris", _("juvenile court counselor")),
    Persona("coordinator", "Marcus Bell", _("System of Care Coordinator, Alamance County")),
    Persona("jcpc-chair", "Harriet Cole", _("chair of the county's Juvenile Crime Prevention Council")),
    Persona("state-cochair", "Lorraine Battle", _("family co-chair of the State Collaborative")),
    Persona("provider", "Priya Nair", _("counselor at a service provider, on Mateo's team")),
    Persona("receiver", "Sam Whitaker", _("takes referrals at the same provider, on nobody's team")),
    Persona("other-caregiver", "Keisha Walker", _("a mom of another family"), near_miss=True),
    Persona("other-facilitator", "Sam Locklear", _("runs another team's meetings"), near_miss=True),
    Persona("former-member", "Gail Norris", _("was on Mateo's team and left"), near_miss=True),
    Persona("other-household", "Luis Delgado", _("Mateo's dad, in the other household"), near_miss=True),
    Persona("expired-consent", "Kim Okafor", _("the family's yes for her has ended"), near_miss=True),
)
BY_SLUG = {persona.slug: persona for persona in PERSONAS}
