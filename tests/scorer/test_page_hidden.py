"""Which classes a page's style sheet hides everywhere."""

import pytest

from scorer.page import parse
from scorer.page_hidden import drop_hidden

PAGE = (
    "<html><head><style>%s</style></head><body><p>Read by all, and long enough.</p><p class='gone'>Secret.</p></body>"
)


@pytest.mark.parametrize(
    "sheet",
    [
        ".gone{display:none}",
        ".other { color: red } .gone { margin: 0; DISPLAY : None }",
        "@media print{.other{display:none}} p.gone{visibility:hidden}",
        "/* é */ .one, .gone { position: absolute; left: -9999px }",
        ".gone{opacity:0}",
        ".gone{font-size:0px;color:red}",
        ".gone{margin:0;font-size : 0% ;border:none}",
        ".gone{opacity\n:\t00%!important}",
        ".gone{text-indent:-100em}",
    ],
)
def test_a_class_hidden_everywhere_hides_its_text(sheet: str) -> None:
    tree = parse(PAGE % sheet)
    assert tree is not None
    assert drop_hidden(tree) == len("Secret.")


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print { .gone { display: none } }",
        ".menu .gone { display: none }",
        ".gone { opacity: 0.5; left: -1px }",
        ".gone { opacity: 0px; top: 0; visibility: none; border-style: hidden; float: none }",
        ".gone { color: red } .other { display: none }",
        ".gone { display: none",
        "}}}{{{",
    ],
)
def test_a_condition_or_another_rule_hides_nothing(sheet: str) -> None:
    tree = parse(PAGE % sheet)
    assert tree is not None
    assert drop_hidden(tree) == 0
