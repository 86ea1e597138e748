"""Who could have got the leads that are dealt out, each set written once."""

from collections.abc import Iterable
from hashlib import sha256

from pipeline.models import Circle, CircleMember
from pipeline.turns import Sharing


def store_circles(circles: Iterable[Sharing]) -> dict[Sharing, int]:
    """The number of each; those that never occurred before are added. Three statements, whatever is new."""
    digests = {circle: digest_of(circle) for circle in circles}
    if not digests:
        return {}
    Circle.objects.bulk_create(
        (Circle(digest=digest, shares=_shares(circle)) for circle, digest in digests.items()),
        ignore_conflicts=True,
    )
    numbers = dict(Circle.objects.filter(digest__in=digests.values()).values_list("digest", "pk"))
    CircleMember.objects.bulk_create(
        (
            CircleMember(circle_id=numbers[digest], user_id=user_id, share=share)
            for circle, digest in digests.items()
            for user_id, share in circle
        ),
        ignore_conflicts=True,
    )
    return {circle: numbers[digest] for circle, digest in digests.items()}


def digest_of(circle: Sharing) -> str:
    """The same for the same people and shares, in whatever order they stand."""
    return sha256(" ".join(f"{user_id}:{share}" for user_id, share in sorted(circle)).encode()).hexdigest()


def _shares(circle: Sharing) -> int:
    return sum(share for _, share in circle)
