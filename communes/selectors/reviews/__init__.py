"""Reading review rounds: their procedure, villages, households and sheets."""
