"""What the groups of the demo talk about, decide and recommend. All of it made up."""

#: By kind of group: what was on the agenda, what was said, whether a family member or youth spoke.
AGENDA = {
    "jcpc": [
        ("Evening times for counseling", "Parents can't leave work before five. Two providers will look at Thursdays.",
         True),
        ("Bus to the programs", "The last bus leaves at six. Parks and Recreation will ask about a van.", True),
        ("How many youth the programs served", "The mentoring program is full. The work program has room.", False),
        ("Court letters in Spanish", "Letters come in English alone. The court will ask the state for forms.", True),
        ("Money for next year", "We read the requests and will score them before the next meeting.", False),
        ("A young person for the open seat", "Two schools will ask their student councils.", False),
        ("Risk and needs review", "Most youth who come to court have missed school first.", False),
    ],
    "community": [
        ("What families told us this month", "Families want one plan, and one person to call.", True),
        ("A ride to meetings", "The church van is free on Tuesdays.", True),
        ("Training for new Family Partners", "Three people want to start in the spring.", True),
        ("The list of services", "Eleven entries were old. We called and fixed them.", False),
        ("Back to school", "The school will send a list of who to call, in two languages.", False),
    ],
    "local-team": [
        ("Cases for review", "Reviewed as the law says. What was learned is kept in this room.", False),
        ("What we learned since the last review", "Two agencies changed how they call each other.", False),
    ],
    "state": [
        ("Reports that say the same thing twice", "Counties fill in five forms with the same facts.", True),
        ("Training together", "Trainings work best when a family member leads with a professional.", True),
        ("What counties sent up to us", "Evening hours and rides came from many counties.", True),
        ("A co-chair from a family", "Our charter asks for one at all times. We thanked ours.", False),
    ],
}  # fmt: skip
#: By kind of group: what was decided; with a vote where the group had enough members.
DECISIONS = {
    "jcpc": ["Ask the county for a later bus", "Fund the mentoring program for another year", "Write to the providers"],
    "community": ["Hold the next meeting at the library, with supper", "Start the training in March"],
    "local-team": ["Meet again in three months"],
    "state": ["Send the recommendation on reports", "Add a family leader to each training"],
}
#: Minutes: the first line is the same everywhere, the rest follows from the agenda.
MINUTES = "The chair opened the meeting and welcomed everybody. The agenda was read and nothing was added."
MINUTES_END = "Those who took on something say at the next meeting what came of it."
NO_QUORUM = "There were too few members to vote, so we talked and decided nothing."
#: By kind of group: topic, what is recommended, to whom ("state" is the State Collaborative), days ago it was sent,
#: days it was given, and the answer with the days it took.
RECOMMENDATIONS = {
    "jcpc": [
        ("funding", "Pay for two evenings of counseling a week in this county.", "state", 140, 60,
         ("Two evenings start in the new budget year. The list of counties is on the state's page.", 48)),
        ("coordination", "Run the last bus at eight on school days.", "Board of county commissioners", 80, 60, None),
    ],
    "community": [
        ("training", "Let a family member lead each training together with a professional.", "state", 60, 90, None),
    ],
    "local-team": [
        ("coordination", "Agree on one number that agencies call at night.", "Board of county commissioners", 90, 60,
         ("The number is in use.", 40)),
    ],
    "state": [
        ("reporting", "Replace the five county reports on the same children by one.",
         "Department of Health and Human Services", 210, 120,
         ("Two of the five end this year. A group with family members looks at the other three.", 110)),
        ("training", "Pay family members who lead trainings as professionals are paid.",
         "Department of Health and Human Services", 120, 90, None),
        ("funding", "Keep money for rides and child care in each grant.", "General Assembly", 45, 120, None),
    ],
}  # fmt: skip
PLACES = {
    "jcpc": "County Annex, Room 104, or by phone",
    "community": "Public library, community room",
    "local-team": "Social services, conference room",
    "state": "By video, and in Raleigh",
}
HELPS = {
    "jcpc": "Lunch, child care and $50 for parent and youth members",
    "community": "Supper and child care. We speak English and Spanish.",
    "state": "Family and youth members are paid for their time and travel",
}
