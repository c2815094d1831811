"""Who plays: accounts with made-up names. Names are picked as they are common among North Carolina's communities."""

from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.utils.text import slugify

FIRST = {
    "black": "Tamika Darnell Latrice Jerome Monique Terrence Ebony Andre Shanice Reggie Yolanda Cedric Keturah Lamar "
    "Felicia Tyrone Bettye Curtis Nadine Roderick",
    "white": "Kristen Wade Becky Travis Holly Garrett Leigh Dwight Susanne Clay Mallory Grady Paige Harlan Joanna "
    "Brent Whitney Neil Doreen Ross",
    "latino": "Marisol Hector Ximena Rogelio Yadira Efrain Lupe Gerardo Noemi Ismael Araceli Beto Graciela Nestor",
    "lumbee": "Charlene Burlie Vonda Kendrick Lorna Delton Jodie Harbert Misty Waymon Tonda Ronnie",
    "hmong": "Mai Pao Kia Chong Yer Tou Bao Neng",
    "montagnard": "Hlina Ysiu Hnhan Yduen Hphuong Ykim",
    "south_asian": "Anjali Rohan Meena Suresh",
    "arab": "Rania Yousef Samira Tareq",
}
LAST = {
    "black": "Pettiford Alston Burwell McKoy Faison Royster Dunston Gainey Spruill Boone Cheek Bullock Mangum Purefoy",
    "white": "Hargett Whisnant Lackey Setzer Cranfill Stroupe Yount Pegram Isley Crowder Teague Rumley Shuford Ledford",
    "latino": "Villalobos Arriaga Cisneros Montoya Zepeda Barrientos Olvera Quintero Saldana Trevino",
    "lumbee": "Oxendine Locklear Chavis Lowry Dial Jacobs Bullard Hunt",
    "hmong": "Xiong Vang Moua Thao Yang Lor",
    "montagnard": "Rahlan Siu Ksor Nay Kpa Rmah",
    "south_asian": "Deshpande Kulkarni Menon Rao",
    "arab": "Haddad Khoury Nasser Saleh",
}


class Cast:
    """Makes accounts and names, each name once."""

    def __init__(self, dice: Random):
        self.dice = dice
        self.names: set[str] = set()
        self.users: dict[str, object] = {}

    def account(self, name: str, *, slug: str = "", language: str = "en"):
        """The account of this person, made the first time; it signs in by a button or a code, having no password."""
        slug = slug or slugify(name)
        if slug not in self.users:
            user = get_user_model().objects.create_user(f"{slug}@demo.example", None, name=name, language=language)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            self.names.add(name)
            self.users[slug] = user
        return self.users[slug]

    def new_name(self, *communities: str) -> str:
        """A name that nobody has yet, from one of these communities."""
        while True:
            community = self.dice.choice(communities)
            first, last = self.dice.choice(FIRST[community].split()), self.dice.choice(LAST[community].split())
            if f"{first} {last}" not in self.names:
                self.names.add(f"{first} {last}")
                return f"{first} {last}"
