"""A GET of an address that only takes posts leads to its page, for everybody who may post there.

That no page refuses to be read is walked by tests/test_matrix.py.
"""

import pytest
from django.urls import reverse

from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.people import People
from tests.test_matrix import signed_in


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.method == "post"))
def test_a_read_leads_to_the_page(name: str, people: People) -> None:
    world, row = World(people), ROWS[name]
    url = reverse(name, kwargs=row.kwargs(world))
    faults = []
    for who, user in people.everyone():
        if row.lets_in(world, user):
            reply = signed_in(user).get(url + row.query, follow=True)
            if reply.status_code != 200 or reply.request["PATH_INFO"] == url:
                faults.append(f"{who}: {reply.status_code} {reply.redirect_chain}")
    assert faults == []


def test_other_methods_are_still_refused(people: People) -> None:
    client = signed_in(people.nobody)
    assert client.put("/accounts/sign-out/").status_code == 405
    assert client.head("/accounts/sign-out/").status_code == 302
