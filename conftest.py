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
