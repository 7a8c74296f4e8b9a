"""What holds for every test, and for every process that a test starts."""

import hypothesis

from tests.kernel_environment import use_kernel_environment

# Students' notebooks are graded, not compared.
collect_ignore_glob = [
    f"assignments/{step}/*" for step in ("release", "submitted", "autograded", ".grading")
]

# At import, before anything can start a kernel.
use_kernel_environment()

# The same examples in every run; `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.load_profile("ci")


# The files that take longest, which begin first when several processes share the tests: none is
# left alone with one of them in the end. The browser's are apart, since they all come last.
LONG = [
    "tests/test_assignments.py",
    "tests/test_grade_command.py",
    "tests/test_grading_engine.py",
    "tests/test_gradebook_postgresql.py",
    "tests/browser/test_site.py",
    "tests/browser/test_hub.py",
    "tests/browser/test_accessibility.py",
    "tests/browser/test_image_explorer.py",
    "tests/browser/test_lessons.py",
]


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):  # one of several processes
        ranks = {config.rootpath / file: rank for rank, file in enumerate(LONG)}
        items.sort(key=lambda item: ranks.get(item.path, len(LONG)))
