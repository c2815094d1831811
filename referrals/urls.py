"""Addresses of the service directory, its HSDS interface, and referrals. None holds a name."""

app_name = "referrals"

directory_urls: list = []
hsds_urls: list = []
referral_urls: list = []

urlpatterns = [*directory_urls, *hsds_urls, *referral_urls]
