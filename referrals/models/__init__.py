"""The service directory (`directory`), and referrals with their moves and links (`referral`)."""

from referrals.models.directory import Location, Service, ServiceAtLocation, ServiceLanguage, ServiceTerm
from referrals.models.referral import Referral, ReferralLink, ReferralMove

__all__ = [
    "Location",
    "Referral",
    "ReferralLink",
    "ReferralMove",
    "Service",
    "ServiceAtLocation",
    "ServiceLanguage",
    "ServiceTerm",
]
