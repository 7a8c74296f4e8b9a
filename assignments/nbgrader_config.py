"""The course, for nbgrader: call `nbgrader` in this folder.

The gradebook is a file beside this one, or what the environment variable CONVVIZ_GRADEBOOK says: an
address as SQLAlchemy has them, such as postgresql+psycopg://maria:secret@localhost/gradebook

A course in another folder of your own takes these settings over::

    load_subconfig("/path/to/convviz/assignments/nbgrader_config.py")
    c.CourseDirectory.root = "/path/to/course"
    c.CourseDirectory.db_url = "sqlite:////path/to/course/gradebook.db"
"""

import os
import sys
import warnings
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors as steps
from sqlalchemy.exc import SAWarning

COURSE = Path(__file__).resolve().parent
sys.path.insert(0, str(COURSE))

from grading import execute, pages, rebuild, walls  # noqa: E402

c = get_config()  # noqa: F821

# nbgrader calls `alembic` by its name, which lies beside Python, perhaps not on PATH.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
# What SQLAlchemy 2.1 finds to say of nbgrader's gradebook is nothing that a teacher could mend.
warnings.filterwarnings("ignore", category=SAWarning)

c.CourseDirectory.course_id = "convviz"
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.db_url = os.environ.get("CONVVIZ_GRADEBOOK") or f"sqlite:///{COURSE}/gradebook.db"
# An assignment is its notebook alone. No other file is given out, nor taken from a submission.
c.CourseDirectory.ignore = ["*"]


# -- release --------------------------------------------------------------------------------------

c.GenerateAssignment.preprocessors = [
    steps.IncludeHeaderFooter,
    steps.LockCells,
    pages.ClearSolutions,
    steps.ClearOutput,
    steps.CheckCellMetadata,
    steps.ComputeChecksums,
    steps.SaveCells,
    steps.ClearHiddenTests,
    steps.ClearMarkScheme,
    steps.ComputeChecksums,
    steps.CheckCellMetadata,
    pages.CleanRelease,
]
c.ClearMarkScheme.enforce_metadata = False  # a mark scheme may stand in any cell


# -- grading --------------------------------------------------------------------------------------

c.Autograde.pre_convert_hook = walls.warn
c.Autograde.sanitize_preprocessors = [
    rebuild.Rebuild,
    steps.OverwriteKernelspec,
    steps.OverwriteCells,
    steps.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    execute.ExecuteInTwoKernels,
    steps.SaveAutoGrades,
    steps.AssignLatePenalties,
    steps.CheckCellMetadata,
]
c.ExecuteInTwoKernels.cell_seconds = 30
c.ExecuteInTwoKernels.notebook_seconds = 180
c.ExecuteInTwoKernels.memory = 1024  # megabytes


# -- feedback, and the formgrader ------------------------------------------------------------------

# What students wrote is shown in the browser, and never run.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": pages.safe_markdown}

c.GenerateFeedback.preprocessors = [
    steps.GetGrades,
    pages.HideFromStudents,
    CSSHTMLHeaderPreprocessor,
]
