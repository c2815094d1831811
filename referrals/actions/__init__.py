"""What happens: the service directory comes in, is marked and goes out; referrals move."""
