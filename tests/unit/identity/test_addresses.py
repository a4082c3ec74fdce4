"""Addresses of one house, of one town and of two, in several scripts."""

import pytest

from tallystick.identity.addresses import compare_addresses


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("148 Al Salam Street, Al Nahda, Sharjah", "شارع السلام 148، الشارقة", "same"),
        ("ul. Shkolnaya, 10, of. 659, Perm", "10 Shkolnaya st., Perm, 385266", "house"),
        (
            "г. Шымкент, ул. Промышленная, д. 134",
            "134 Promyshlennaya st., Shymkent, 123456",
            "house",
        ),
        (
            "上海市江南区人民路102号",
            "Rm 8, No. 102 Renmin Road, Jiangnan District, Shanghai",
            "house",
        ),
        ("33 King St, London DD4 7NH", "250 Railway St, London AG3 1BH", "near"),
        ("No. 34, Xinhua Road, Shenzhen", "深圳市城东区科技路195号", "near"),
        ("Calle Real 3, 32993 Puebla", "Calle Real 3, 62735 Tijuana", "elsewhere"),
        ("서울시 동구 산업로 244", "244, Saneop-ro, Busan", "elsewhere"),
    ],
)
def test_how_near_two_addresses_are(a: str, b: str, level: str) -> None:
    assert compare_addresses(a, b) == compare_addresses(b, a) == level
