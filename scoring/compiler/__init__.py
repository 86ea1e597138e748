"""A scoring model as one SQL statement, made of ORM expressions: the only place where rules have meaning."""
