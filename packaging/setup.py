"""Only what pyproject.toml cannot say: `resources/` is installed as data of `app`.

All else is in pyproject.toml. `app/resources.py` finds the files in both places.
"""

from __future__ import annotations

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages(include=["app", "app.*"]), "app._resources"],
    package_dir={"app._resources": "resources"},
    package_data={"app": ["**/*.mako", "**/*.md"], "app._resources": ["**/*"]},
)
