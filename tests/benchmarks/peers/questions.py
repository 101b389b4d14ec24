"""The eight questions that every bot asks; each answer is any text."""

QUESTIONS = (
    "What is the name?",
    "What kind is it?",
    "What is there to see?",
    "Where is it?",
    "Who looks after it?",
    "When is it open?",
    "What does it cost?",
    "Anything else?",
)
THANKS = "Thank you."
