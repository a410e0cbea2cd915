"""Telling: a figure in words, with how many things it rests on."""

from router.figures.definition import Figure, Unit

PERCENT = 100


def told(figure: Figure) -> str:
    """A figure as one line: ``queue_wait_p90 12 s (of 3)``."""
    is_counted_itself = figure.unit is Unit.NUMBER
    return f"{figure.name.value} {value_of(figure)}" + ("" if is_counted_itself else f" (of {figure.count})")


def value_of(figure: Figure) -> str:
    """The value with its unit; a dash where there was nothing to count."""
    if figure.value is None:
        return "–"
    match figure.unit:
        case Unit.NUMBER:
            return f"{figure.value:g}"
        case Unit.SECONDS:
            return f"{round(figure.value, 1):g} s"
        case Unit.SHARE:
            return f"{round(figure.value * PERCENT, 1):g} %"
        case Unit.RATIO:
            return f"{round(figure.value, 2):g}"
