"""The invented world of the demo: who sells what to whom."""

from dataclasses import dataclass

ORGANISATION = {"name": "Nordlot Instruments", "time_zone": "Europe/Stockholm", "currency": "EUR"}

TEAMS = {
    "North": ("manager", ["rep", "peter", "jonas", "mina"]),
    "South": ("elena", ["carlos", "giulia", "tomasz"]),
}
COLLEAGUES = {
    # user name: first name, last name, role
    "peter": ("Peter", "Novak", "Sales rep"),
    "jonas": ("Jonas", "Falk", "Sales rep"),
    "mina": ("Mina", "Sørensen", "Sales rep"),
    "elena": ("Elena", "Conti", "Sales manager"),
    "carlos": ("Carlos", "Vidal", "Sales rep"),
    "giulia": ("Giulia", "Ferri", "Sales rep"),
    "tomasz": ("Tomasz", "Zając", "Sales rep"),
}
PRODUCTS = {
    "Monitoring": {"Monitor S": 12_000, "Monitor M": 28_000, "Monitor L": 62_000},
    "Field service": {"Service basic": 6_500, "Service plus": 18_000},
    "Calibration": {"Calibration day": 2_400, "Calibration lab": 34_000},
}
CAMPAIGNS = {
    # campaign: the source of its leads, how many of a hundred leads it brings, cost in euro if it is known
    "Hannover fair": ("Trade fair", 12, 148_000),
    "Paper week": ("Trade fair", 3, 96_000),
    "Sawmill webinar": ("Website", 10, 26_000),
    "Autumn newsletter": ("Newsletter", 14, 18_500),
    "Bearing e-book": ("LinkedIn", 11, 64_000),
    "Partner day": ("Partner", 4, None),
}
COMPETITORS = {"Vibrant Sensing": 5, "Statera Industrial": 3, "Kestrel Metrology": 2, "Möller & Söhne": 1}
SOURCES = ["Website", "Referral", "Trade fair", "Newsletter", "LinkedIn", "Partner"]
QUESTIONS = [
    # key, text, area, type, choices
    ("budget", "Is the budget approved?", "budget", "choice", ["This year", "Next year", "Not yet"]),
    ("authority", "Who signs?", "authority", "choice", ["Our contact", "Their manager", "A committee"]),
    (
        "timeframe",
        "When do they want to decide?",
        "timeframe",
        "choice",
        ["Within 3 months", "Within a year", "Later"],
    ),
    ("in_house", "Do they also look at an in-house tool?", "need", "yes_no", []),
]
ANSWER_POINTS = [
    ("budget", "This year", 6),
    ("budget", "Not yet", -4),
    ("timeframe", "Within 3 months", 5),
    ("authority", "Our contact", 4),
    ("in_house", True, -4),
]
PAINS = ["Unplanned stops", "Late calibration", "Too many site visits", "Scrap", "An audit found gaps", ""]
INDUSTRIES = {
    # industry: how well it fits, 0 to 1
    "Wood and paper": 1.0,
    "Food and beverage": 0.8,
    "Mining": 0.8,
    "Packaging": 0.7,
    "Chemicals": 0.6,
    "Logistics": 0.4,
    "Professional services": 0.15,
    "Education": 0.05,
}
ROLES = [
    # job title, seniority, department, fit, role on the lead
    ("Chief Operating Officer", "executive", "Operations", 1.0, "decider"),
    ("Head of Operations", "head", "Operations", 0.9, "decider"),
    ("Head of Maintenance", "head", "Maintenance", 0.9, "technical"),
    ("Chief Financial Officer", "executive", "Finance", 0.7, "finance"),
    ("Plant manager", "manager", "Operations", 0.8, "decider"),
    ("Maintenance engineer", "staff", "Maintenance", 0.5, "user"),
    ("Purchasing manager", "manager", "Purchasing", 0.5, "finance"),
    ("Student", "student", "", 0.0, "other"),
]
PAGES = {
    "/pricing": 0.9,
    "/products/monitoring": 0.7,
    "/products/field-service": 0.6,
    "/cases/sawmill": 0.5,
    "/blog/bearing-wear": 0.2,
    "/blog/vibration-basics": 0.15,
    "/about": 0.1,
}
DOWNLOADS = ["Bearing wear e-book", "ROI sheet", "White paper on vibration"]


@dataclass(frozen=True, slots=True)
class Region:
    """A country with its cities and names to draw from."""

    country: str
    dialling: str
    cities: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    stems: tuple[str, ...]


REGIONS = [
    Region(
        "SE",
        "+4690555",
        ("Umeå", "Falun", "Gävle"),
        ("Marta", "Lars", "Ingrid", "Oskar"),
        ("Lindqvist", "Nyman", "Berglund", "Ek"),
        ("Norrland", "Älvdal", "Dala"),
    ),
    Region(
        "PT",
        "+351215550",
        ("Aveiro", "Porto", "Braga"),
        ("Tomás", "Inês", "Rui", "Beatriz"),
        ("Ferreira", "Sousa", "Matos", "Pinto"),
        ("Cerâmica", "Atlântica", "Douro"),
    ),
    Region(
        "NO",
        "+4722555",
        ("Bergen", "Tromsø"),
        ("Ingrid", "Nils", "Kari", "Even"),
        ("Aas", "Haugen", "Moen", "Lie"),
        ("Fjordkraft", "Nordlys", "Vestland"),
    ),
    Region(
        "DE",
        "+4930555",
        ("Siegen", "Ulm", "Halle"),
        ("Jonas", "Greta", "Mats", "Hanna"),
        ("Weber", "Holm", "Krüger", "Adler"),
        ("Weber", "Siegtal", "Holm"),
    ),
    Region(
        "FR",
        "+33155501",
        ("Lyon", "Nantes"),
        ("Claire", "Luc", "Manon", "Hugo"),
        ("Dubois", "Lefèvre", "Morel", "Roche"),
        ("Papeterie", "Rhône", "Ligérienne"),
    ),
    Region(
        "PL",
        "+48225550",
        ("Gdańsk", "Łódź"),
        ("Piotr", "Anna", "Ewa", "Marek"),
        ("Zieliński", "Wójcik", "Lis", "Mazur"),
        ("Huta", "Bałtyk", "Wschód"),
    ),
    Region(
        "IT",
        "+39025550",
        ("Parma", "Turin"),
        ("Sofia", "Marco", "Lucia", "Paolo"),
        ("Marchetti", "Galli", "Costa", "Serra"),
        ("Pastificio", "Alpina", "Padana"),
    ),
    Region(
        "FI",
        "+35895550",
        ("Oulu", "Lahti"),
        ("Hanna", "Eero", "Aino", "Mikko"),
        ("Virtanen", "Saari", "Laine", "Koski"),
        ("Saimaa", "Pohjola", "Kaleva"),
    ),
]
TRADES = {
    "Wood and paper": ("Timber", "Mill"),
    "Food and beverage": ("Foods", "Dairy"),
    "Mining": ("Minerals", "Quarries"),
    "Packaging": ("Packaging", "Bottling"),
    "Chemicals": ("Chemicals", "Coatings"),
    "Logistics": ("Logistics", "Freight"),
    "Professional services": ("Consulting", "Partners"),
    "Education": ("Institute", "University"),
}
