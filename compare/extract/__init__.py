"""What a plan says: metadata, tasks, assignments, deadlines, targets, themes, references."""
