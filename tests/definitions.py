"""A small scoring model in its JSON form."""

BANDS = [
    {"band": "hot", "enter": 70, "leave": 60},
    {"band": "warm", "enter": 40, "leave": 35},
    {"band": "cold", "enter": 10, "leave": 10},
    {"band": "dead", "enter": 0, "leave": 0},
]
MODEL = {
    "name": "By size",
    "product_line": None,
    "groups": [
        {
            "name": "Size",
            "kind": "fit",
            "combine": "sum",
            "max": 33,
            "rules": [
                {
                    "name": "Large",
                    "when": {"field": "company.employees", "op": "gte", "value": 100},
                    "points": 30,
                },
                {"name": "Known", "when": {"field": "company.employees", "op": "is_set"}, "points": 10},
            ],
        },
        {
            "name": "Website",
            "kind": "engagement",
            "max": 30,
            "decay": {"type": "half_life", "days": 30},
            "rules": [{"name": "Page", "signal": "page_view", "points": 10}],
        },
    ],
    "exclusions": [],
    "auto_qualify": [],
    "grades": {"fit": [75, 50, 25], "engagement": [75, 50, 25]},
    "bands": BANDS,
}
