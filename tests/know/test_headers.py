"""Which slot a column is of: a price is money whatever else its header names, and a booking's slot is no thing's."""

from millstream import domain as domains
from millstream.know.tables import facts_of, slots_of
from millstream.shapes import Table

TEAS = Table(
    "teas", ("项目", "优惠价(元)", "人数", "原价(元)"), (("清谈", "98", "2", "138"), ("围炉", "228", "4", "298"))
)


def test_a_price_on_offer_is_a_price_and_how_many_it_serves_is_no_booking() -> None:
    domain = slots_of(TEAS, domains.read("restaurant"), "zh")
    facts = {(fact.entity, fact.attribute): fact.value for fact in facts_of(TEAS, domain, "zh")}
    assert facts["清谈", "price"] == "98元"
    assert ("清谈", "party_size") not in facts
    assert ("清谈", "offer") not in facts
    assert facts["围炉", "原价"] == "298元"
