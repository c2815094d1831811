"""Pictures of the look as inline SVG with classes only, so that a strict content policy holds.

Every function returns safe markup. Text that people wrote goes through `format_html`; everything else is numbers.
`parts` holds what all are made of, `table` a family's table; each other module draws one thing.
"""

from soc_portal.pictures.charts import spark
from soc_portal.pictures.maps import land_map, tile_map
from soc_portal.pictures.parts import KINDS, icon, key_shape, mark, number, shape, shorten
from soc_portal.pictures.table import Table, circle, circle_keys, circle_words, door, scale10

__all__ = [
    "KINDS",
    "Table",
    "circle",
    "circle_keys",
    "circle_words",
    "door",
    "icon",
    "key_shape",
    "land_map",
    "mark",
    "number",
    "scale10",
    "shape",
    "shorten",
    "spark",
    "tile_map",
]
