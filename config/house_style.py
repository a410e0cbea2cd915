"""House style: files written again with the same words, comments and order, evenly indented."""

from io import StringIO

from ruamel.yaml import YAML

WIDTH = 100_000
"""Lines are broken where the administrator broke them, never inside a value."""


def formatted(text: str) -> str:
    """The text in the house style; formatting twice changes nothing more.

    Raises:
        ruamel.yaml.error.YAMLError: the text is not YAML.
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load(StringIO(text))
    if tree is None:
        return text
    out = StringIO()
    yaml.dump(tree, out)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
