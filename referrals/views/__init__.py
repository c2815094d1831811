"""The pages of the service directory (`directory`), its public HSDS interface (`hsds`), and those of referrals."""
