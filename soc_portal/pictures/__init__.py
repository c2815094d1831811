"""Pictures of the look as inline SVG with classes only, so that a strict content policy holds.

Every function returns safe markup. Text that people wrote goes through `format_html`; everything else is numbers.
`parts` holds what all are made of, `table` a family's table; each other module draws one thing.
"""

from soc_portal.pictures.charts import spark
from soc_portal.pictures.council import CouncilTable, council, council_keys
from soc_portal.pictures.maps import land_map, tile_map
from soc_portal.pictures.marks import marks
from soc_portal.pictures.parts import KINDS, icon, key_shape, mark, number, shape, shorten
from soc_portal.pictures.quorum import quorum
from soc_portal.pictures.sun import seeds, sun
from soc_portal.pictures.table import Table, circle, circle_keys, circle_words, door, scale10

__all__ = [
    "KINDS",
    "CouncilTable",
    "Table",
    "circle",
    "circle_keys",
    "circle_words",
    "council",
    "council_keys",
    "door",
    "icon",
    "key_shape",
    "land_map",
    "mark",
    "marks",
    "number",
    "quorum",
    "scale10",
    "seeds",
    "shape",
    "shorten",
    "spark",
    "sun",
    "tile_map",
]
