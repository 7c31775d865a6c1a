"""Care for customers: what was promised to them, when they are greeted, what they say of us."""
from models.care.contact_plan import CalendarFeed, ContactPlan
from models.care.follow_up import FollowUp

__all__ = ["CalendarFeed", "ContactPlan", "FollowUp"]
