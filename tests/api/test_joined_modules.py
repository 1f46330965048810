"""The modules of a front end as one file say what they say apart; what cannot be joined is refused."""

import re

import pytest
from starlette.applications import Starlette

from api.assets import IMMUTABLE, WEB
from api.joined_modules import imports_first, join, joined_address
from api.routes import all_routes
from tests.tools.asgi import Client

FRONT_ENDS = sorted(path.parent.name for path in WEB.glob("*/main.js"))


@pytest.fixture
def modules(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return tmp_path / "main.js"

    return write


def test_a_module_comes_after_what_it_imports(modules):
    entry = modules(
        main='import { b } from "./b.js";\nimport { a } from "./a.js";\n',
        a="export const a = 1;\n",
        b='import { a } from "./a.js";\nexport const b = a + 1;\n',
    )
    assert [path.stem for path in imports_first(entry)] == ["a", "b", "main"]


def test_names_of_one_module_stay_in_it(modules):
    entry = modules(
        main='import { a as one } from "./a.js";\nconst hidden = 2;\nexport function both() { return one() + hidden; }\n',
        a="const hidden = 1;\nexport function a() { return hidden; }\n",
    )
    joined = join(entry)
    assert joined == (
        "const module0 = (() => {\nconst hidden = 1;\nfunction a() { return hidden; }\n\nreturn { a };\n})();\n"
        "const { a: one } = module0;\nconst hidden = 2;\nexport function both() { return one() + hidden; }\n"
    )


def test_a_cycle_is_refused(modules):
    entry = modules(main='import { a } from "./a.js";\n', a='import { main } from "./main.js";\nexport const a = 1;\n')
    with pytest.raises(ValueError, match="cycle"):
        join(entry)


@pytest.mark.parametrize(
    "line", ["export default 1;", 'import "./b.js";', 'export { b } from "./b.js";', 'import b from "./b.js";']
)
def test_what_is_written_otherwise_is_refused(modules, line):
    entry = modules(main='import { a } from "./a.js";\n', a=f"{line}\nexport const a = 1;\n", b="export const b = 1;\n")
    with pytest.raises(ValueError, match="cannot be joined"):
        join(entry)


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_every_front_end_is_served_as_one_that_imports_nothing_at_once(data_dir, name):
    answer = Client(Starlette(routes=all_routes())).get(joined_address(name))
    assert answer.headers["cache-control"] == IMMUTABLE
    assert answer.headers["content-type"].startswith("text/javascript")
    assert not re.search(r"^import\b(?!\()", answer.text, re.MULTILINE)
    assert re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", answer.text, re.MULTILINE) == ["mount"]
