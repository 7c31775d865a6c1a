"""Customer care: follow-ups, regular contact, greetings, surveys and feedback."""

from models.care.contact_plan import CalendarFeed, ContactPlan
from models.care.feedback import Feedback, Survey
from models.care.follow_up import FollowUp
from models.care.greeting import Greeting, GreetingBatch
from models.care.occasion import GreetingText, Occasion
from models.care.opt_out import OptOutLink

__all__ = [
    "CalendarFeed",
    "ContactPlan",
    "Feedback",
    "FollowUp",
    "Greeting",
    "GreetingBatch",
    "GreetingText",
    "Occasion",
    "OptOutLink",
    "Survey",
]
