"""Layout to structure: paragraphs, outline, annex tables."""
