"""The tables of HSDS 3.2.3 and how they nest: facts of the standard (Open Referral), in the portal's own notation.

A field is written `name:kind!`. The kind is text when left out; `!` means that it must have a value, `~` that it
becomes an empty text when the source leaves it out (the standard asks for it, many sources have none, nobody is hurt).
Columns that say which row another row belongs to are in `BACKLINKS`: in a nested document the place says it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field: what its value must be, and whether it must have one."""

    name: str
    kind: str
    needed: bool
    filled: bool


@dataclass(frozen=True)
class Table:
    """One table: the name of its file, and its fields by name."""

    file: str
    fields: dict[str, Field]


def _table(file: str, words: str) -> Table:
    fields = {}
    for word in words.split():
        name, _colon, kind = word.rstrip("!~").partition(":")
        fields[name] = Field(name, kind or "text", word.endswith("!"), word.endswith("~"))
    return Table(file, fields)


# fmt: off
TABLES = {
    "organization": _table("organizations.csv",
        "id:uuid! name! alternate_name description~ email:email website:web tax_status tax_id "
        "year_incorporated:number legal_status logo uri:uri parent_organization_id:uuid"),
    "program": _table("programs.csv",
        "id:uuid! organization_id:uuid name! alternate_name description~"),
    "service": _table("services.csv",
        "id:uuid! organization_id:uuid program_id:uuid name! alternate_name description url:web email:email "
        "status:status! interpretation_services application_process fees_description wait_time fees "
        "accreditations eligibility_description minimum_age:number maximum_age:number assured_date:date "
        "assurer_email:email licenses alert last_modified:moment"),
    "attribute": _table("attributes.csv",
        "id:uuid! link_id:uuid taxonomy_term_id:uuid link_type link_entity value label"),
    "service_at_location": _table("service_at_location.csv",
        "id:uuid! service_id:uuid location_id:uuid description"),
    "location": _table("locations.csv",
        "id:uuid! location_type:place! url:uri organization_id:uuid name alternate_name description "
        "transportation latitude:latitude longitude:longitude external_identifier external_identifier_type"),
    "phone": _table("phones.csv",
        "id:uuid! location_id:uuid service_id:uuid organization_id:uuid contact_id:uuid "
        "service_at_location_id:uuid number! extension:number type description"),
    "contact": _table("contacts.csv",
        "id:uuid! organization_id:uuid service_id:uuid service_at_location_id:uuid location_id:uuid name "
        "title department email:email"),
    "address": _table("addresses.csv",
        "id:uuid! location_id:uuid attention address_1! address_2 city! region state_province! postal_code! "
        "country! address_type:place!"),
    "schedule": _table("schedules.csv",
        "id:uuid! service_id:uuid location_id:uuid service_at_location_id:uuid valid_from:date valid_to:date "
        "dtstart:date timezone:number until:date count:number wkst:weekday freq:freq interval:number byday "
        "byweekno bymonthday byyearday description opens_at:time closes_at:time schedule_link:uri "
        "attending_type notes"),
    "funding": _table("funding.csv", "id:uuid! organization_id:uuid service_id:uuid source"),
    "service_area": _table("service_areas.csv",
        "id:uuid! service_id:uuid service_at_location_id:uuid name description extent extent_type uri"),
    "required_document": _table("required_documents.csv", "id:uuid! service_id:uuid document uri:uri"),
    "language": _table("languages.csv", "id:uuid! service_id:uuid location_id:uuid phone_id:uuid name code note"),
    "accessibility": _table("accessibility.csv", "id:uuid! location_id:uuid description details url:uri"),
    "taxonomy_term": _table("taxonomy_terms.csv",
        "id:uuid! code name! description~ parent_id:uuid taxonomy language taxonomy_id:uuid term_uri:uri"),
    "metadata": _table("metadata.csv",
        "id:uuid! resource_id:uuid resource_type last_action_date:date! last_action_type! field_name! "
        "previous_value~ replacement_value~ updated_by!"),
    "meta_table_description": _table("meta_table_descriptions.csv", "id:uuid! name language character_set"),
    "cost_option": _table("cost_options.csv",
        "id:uuid! service_id:uuid valid_from:date valid_to:date option currency amount:number "
        "amount_description"),
    "organization_identifier": _table("organization_identifiers.csv",
        "id:uuid! organization_id:uuid identifier_scheme identifier_type! identifier!"),
    "taxonomy": _table("taxonomies.csv", "id:uuid! name! description~ uri:uri version"),
    "service_capacity": _table("service_capacity.csv",
        "id:uuid! service_id:uuid unit_id:uuid available:number! maximum:number description updated:moment!"),
    "unit": _table("units.csv", "id:uuid! name! scheme identifier uri:uri"),
    "url": _table("url.csv", "id:uuid! label url:uri! organization_id:uuid service_id:uuid"),
}
# fmt: on

WORDS = {
    "status": ("active", "inactive", "defunct", "temporarily closed"),
    "place": ("physical", "postal", "virtual"),
    "weekday": ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
    "freq": ("WEEKLY", "MONTHLY"),
}
#: The most letters that a text may have: those that have a column here, and all others.
LONGEST = {
    ("organization", "name"): 160,
    ("organization", "website"): 200,
    ("service", "name"): 200,
    ("service", "alternate_name"): 200,
    ("service", "url"): 500,
    ("location", "name"): 200,
}
LONGEST_TEXT = 20_000

_DESCRIBED = [table for table in TABLES if table not in ("attribute", "metadata", "taxonomy_term", "taxonomy")]
#: The lists of a nested document: table -> {key: table of its entries}.
MANY: dict[str, dict[str, str]] = {
    "service": {
        "phones": "phone", "schedules": "schedule", "service_areas": "service_area", "languages": "language",
        "service_at_locations": "service_at_location", "funding": "funding", "cost_options": "cost_option",
        "required_documents": "required_document", "contacts": "contact", "capacities": "service_capacity",
        "additional_urls": "url",
    },
    "organization": {
        "funding": "funding", "contacts": "contact", "phones": "phone", "programs": "program",
        "organization_identifiers": "organization_identifier", "additional_websites": "url", "locations": "location",
    },
    "location": {
        "languages": "language", "addresses": "address", "contacts": "contact", "accessibility": "accessibility",
        "phones": "phone", "schedules": "schedule",
    },
    "service_at_location": {
        "service_areas": "service_area", "contacts": "contact", "phones": "phone", "schedules": "schedule",
    },
    "contact": {"phones": "phone"},
    "phone": {"languages": "language"},
}  # fmt: skip
for _name in TABLES:
    MANY.setdefault(_name, {})
    if _name in _DESCRIBED:
        MANY[_name]["attributes"] = "attribute"
    if _name != "metadata":
        MANY[_name]["metadata"] = "metadata"
#: The single documents inside a document: table -> {key: (table, the column that holds its id)}.
ONE: dict[str, dict[str, tuple[str, str]]] = {
    "service": {"program": ("program", "program_id"), "organization": ("organization", "organization_id")},
    "service_at_location": {"location": ("location", "location_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", "taxonomy_id")},
    "service_capacity": {"unit": ("unit", "unit_id")},
}
#: Columns that say which row a row belongs to: table -> {column: table of the owner}.
BACKLINKS: dict[str, dict[str, str]] = {
    child: {
        f"{parent}_id": parent
        for parent, lists in MANY.items()
        if child in lists.values()
        and f"{parent}_id" in table.fields
        and (parent, child) != ("organization", "location")
    }
    for child, table in TABLES.items()
}
#: All columns that say it: a nested document does not repeat them.
LINKS = {table: set(columns) for table, columns in BACKLINKS.items()}
LINKS["attribute"] |= {"link_id", "link_entity"}
LINKS["metadata"] |= {"resource_id", "resource_type"}


def key_of(parent: str, child: str) -> str:
    """Under which key a document of the table `parent` lists its entries of the table `child`."""
    return next(key for key, table in MANY[parent].items() if table == child)


def names_of(table: str) -> set[str]:
    """The names under which a source may give a table: "service", "services", "services.csv", ..."""
    file = TABLES[table].file.removesuffix(".csv")
    return {table, f"{table}s", file} | (
        {"services_at_location", "services_at_locations"} if "_at_" in table else set()
    )


TABLE_OF = {name: table for table in TABLES for name in names_of(table)}
