"""How dates are written where Django writes them, in the admin: as everywhere else in the product."""
