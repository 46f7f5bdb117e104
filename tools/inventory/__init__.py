"""What an account opens, live: read by `judging.account`, shown as plans are."""
