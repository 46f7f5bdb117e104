"""What the account says to an update before it runs: asked by `judging.preflight`, shown here."""
