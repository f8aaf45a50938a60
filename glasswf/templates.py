"""Filling the files in templates/ with Jinja2: an unknown placeholder is an error, and HTML is escaped."""

import jinja2

from glasswf.paths import template_folder


def render(name: str, **values: object) -> str:
    """Text of template `name` (a file in templates/) filled with `values`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name).render(**values)
