"""Made identifiers pass the checks of python-stdnum, which knows nothing of how they were made."""

import numpy as np
import pytest
from stdnum import lei as lei_check
from stdnum.cn import uscc as uscc_check
from stdnum.de import vat as de_check
from stdnum.fr import tva as fr_check
from stdnum.gb import vat as gb_check
from stdnum.it import iva as it_check
from stdnum.pl import nip as pl_check

from tallystick.world.identifiers import NATIONAL, lei, uscc, vat_de, vat_fr, vat_gb, vat_it, vat_pl

SERIALS = np.concatenate([np.arange(3000), np.arange(999_000, 1_000_000)])


@pytest.mark.parametrize(
    ("make", "check"),
    [
        (lei, lei_check),
        (uscc, uscc_check),
        (vat_de, de_check),
        (vat_fr, fr_check),
        (vat_it, it_check),
        (vat_pl, pl_check),
        (vat_gb, gb_check),
    ],
)
def test_every_identifier_is_valid_and_its_own(make, check):
    made = make(SERIALS)
    assert [value for value in made if not check.is_valid(value)] == []
    assert len(set(made)) == len(SERIALS)


def test_a_chinese_code_holds_a_valid_organisation_code():
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    for code in uscc(np.arange(500)):
        body, check = code[8:16], code[16]
        rest = -sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11
        assert check == ("X" if rest == 10 else str(rest))


def test_national_identifiers_stay_unique_up_to_their_stated_space():
    for _, make, space in NATIONAL.values():
        last = np.arange(space - 2000, space)
        assert len(set(make(last)) | set(make(np.arange(2000)))) == 4000
