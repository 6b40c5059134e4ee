"""Many articles: from files, folders, archives of crawled pages or a stream, to one answer each, in the same order."""

from scorer.batch.formats import find
from scorer.batch.runner import Outcome, run, stop_politely
from scorer.batch.scoring import Task, make_task

__all__ = ["Outcome", "Task", "find", "make_task", "run", "stop_politely"]
