"""Grading: the steps that nbgrader takes in this course, and the command that grades a class."""
