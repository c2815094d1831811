"""The pages of a team. One module for each part of the address; three kinds of helpers stand beside them.

home, team, members, invitations     who is at the table          sharing, looks     what is shared, and who looked
plan, items, meetings                what is written there        search, worklist   finding teams and what is in them

`*_rows`, `*_reading`, `*_record`    what one reader may see of a page, read in a fixed number of queries
`item_parts`                         what the pages of one item share
`telling`                            what was done, in plain words
"""
