"""The parts of the portal as the tests see them, a file each: what they add to the small world, and their rows in the
access matrix. `tests/test_access_matrix.py` and `tests/test_every_page.py` put all parts together.

A part has
- `add_<part>(world)`: rows of the small world, made through the actions;
- `ROWS`: url name -> (method, {persona: status}, status of everybody else who is signed in); visitors must sign in;
- `TEAM_ROWS`: pages of one team, in the columns of `MATRIX`;
- `PUBLIC`: url name -> why it is open to anybody;
- `READ_ONLY`: GET pages that take no POST; `OPENED_TOO`: POST rows whose form is a page of its own;
- `FAMILY_ALONE`: names of TEAM_ROWS that only the family may do;
- `NO_LOOK`: pages that show nothing of a family's record, so opening them is no reading of it; each with its reason;
- `NO_PAGES`: addresses that are not pages (files, JSON, only sent to), each with what they are;
- `arguments(world, name)`: the numbers that its addresses take;
- `grow(world, number)`: one more of everything that its pages list, for the test of constant queries.
"""
