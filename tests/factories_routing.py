"""Rows of routing and nurture programmes for tests."""

import factory
from factory.django import DjangoModelFactory

from pipeline.models import (
    MailTemplate,
    NurtureProgramme,
    NurtureStep,
    PoolMember,
    RoutingPool,
    StepKind,
)
from tests.factories import UserFactory


class RoutingPoolFactory(DjangoModelFactory):
    """A pool for everything; `members=[user, (user, share), …]` fills it, `seconds=[user]` adds helpers."""

    class Meta:
        model = RoutingPool
        skip_postgeneration_save = True

    name = factory.Sequence("Pool {}".format)

    @factory.post_generation
    def members(pool, create, extracted):  # noqa: N805
        for member in extracted or ():
            user, share = member if isinstance(member, tuple) else (member, 1)
            PoolMemberFactory(pool=pool, user=user, share=share)

    @factory.post_generation
    def seconds(pool, create, extracted):  # noqa: N805
        for user in extracted or ():
            PoolMemberFactory(pool=pool, user=user, part="second")

    @factory.post_generation
    def bands(pool, create, extracted):  # noqa: N805
        pool.bands.set(extracted or ())

    @factory.post_generation
    def product_lines(pool, create, extracted):  # noqa: N805
        pool.product_lines.set(extracted or ())

    @factory.post_generation
    def sources(pool, create, extracted):  # noqa: N805
        pool.sources.set(extracted or ())


class PoolMemberFactory(DjangoModelFactory):
    class Meta:
        model = PoolMember

    pool = factory.SubFactory(RoutingPoolFactory)
    user = factory.SubFactory(UserFactory)


class MailTemplateFactory(DjangoModelFactory):
    class Meta:
        model = MailTemplate

    name = factory.Sequence("Letter {}".format)
    subject = "Figures for {{ company }}"
    body = "Dear {{ first_name }},\nhere they are."


class NurtureProgrammeFactory(DjangoModelFactory):
    """A programme for every automated lane; `steps=[("wait", 3), ("mail", template), ("task", "Call")]`."""

    class Meta:
        model = NurtureProgramme
        skip_postgeneration_save = True

    name = factory.Sequence("Programme {}".format)

    @factory.post_generation
    def steps(programme, create, extracted):  # noqa: N805
        fields = {StepKind.WAIT: "days", StepKind.MAIL: "template", StepKind.TASK: "task"}
        for order, (kind, what) in enumerate(extracted or (), start=1):
            NurtureStep.objects.create(
                programme=programme, order=order, kind=kind, **{fields[StepKind(kind)]: what}
            )
