from rest_framework.pagination import LimitOffsetPagination


class Envelope(LimitOffsetPagination):
    """`{count, next, previous, results}` with `limit` (50, at most 1,000) and `offset`."""

    default_limit = 50
    max_limit = 1000
