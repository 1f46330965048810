"""From a request to a layer's answer: who asks, with which options, out of which readers."""

from collections.abc import Iterator, Mapping

from starlette.requests import Request

from actions.board_reader import StoreBoardReader
from actions.import_table import figure_tables_from_store
from actions.place_reader import StorePlaceReader
from api import process
from api.tokens import Bearer, read_bearer
from domain.errors import InvalidValueError, NotPermittedError
from domain.geometry import BBox
from domain.roles import PUBLIC_CLEARANCE, Clearance, Permission, is_permitted, require_permission
from geo.figures import load_figure_tables
from layers.contract import Context, Features, Layer, Option, Readers

MAX_ZOOM = 22
BBOX_VALUES = 4
PUBLIC = Bearer(clearance=PUBLIC_CLEARANCE)


def bearer_of(request: Request) -> Bearer:
    """Return who asks by the request's token; without a token, the public.

    In shared mode the account is read anew: a token outlives neither its account nor its role.

    Raises
    ------
    NotPermittedError
        If there is a token and it is forged, has run out, or its account no longer stands so.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not token:
        return PUBLIC
    if scheme.lower() != "bearer":
        raise NotPermittedError("token_invalid")
    bearer = read_bearer(token, secret=process.signing_secret())
    if process.configuration().is_shared:
        _require_standing(bearer)
    return bearer


def _require_standing(bearer: Bearer) -> None:
    standing = process.store().accounts.standing(bearer.account_id)
    if bearer.show_as:
        require_permission(standing.clearance.role, Permission.SHOW_AS)
    elif standing.clearance != bearer.clearance:
        # A role or a share has changed since: the map asks for a new token and goes on.
        raise NotPermittedError("token_expired")


def require_layer_access(layer: Layer, clearance: Clearance) -> None:
    """Refuse a reader whose role lacks the layer's permission."""
    if is_permitted(clearance.role, layer.permission):
        return
    if clearance == PUBLIC_CLEARANCE:
        raise NotPermittedError("token_missing")
    raise NotPermittedError("not_permitted", role=clearance.role.value, permission=layer.permission.value)


def readers() -> Readers:
    """Return readers over the store as it stands now."""
    store = process.store()
    return Readers(
        figure_tables={**load_figure_tables(), **figure_tables_from_store(store)},
        places=StorePlaceReader(store),
        board=StoreBoardReader(store),
    )


def parse_bbox(value: str | None) -> BBox | None:
    """Return the bbox of `minx,miny,maxx,maxy` in degrees, None where there is none.

    Raises
    ------
    InvalidValueError
        If it is not four finite numbers in order.
    """
    if not value:
        return None
    try:
        numbers = [float(part) for part in value.split(",")]
    except ValueError:
        raise InvalidValueError("invalid_bbox", field="bbox", value=value[:80]) from None
    if len(numbers) != BBOX_VALUES:
        raise InvalidValueError("invalid_bbox", field="bbox", value=value[:80])
    return BBox(minx=numbers[0], miny=numbers[1], maxx=numbers[2], maxy=numbers[3])


def parse_zoom(value: str | None) -> int | None:
    """Return a zoom level 0..22, None where there is none."""
    if not value:
        return None
    try:
        zoom = int(float(value))
    except (ValueError, OverflowError):
        raise InvalidValueError("invalid_zoom", field="zoom", value=value[:80]) from None
    if not 0 <= zoom <= MAX_ZOOM:
        raise InvalidValueError("invalid_zoom", field="zoom", value=value[:80])
    return zoom


def checked_options(options: tuple[Option, ...], params: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every option: the asked one where it is a choice, else an error.

    Raises
    ------
    InvalidValueError
        If a value is not among the option's choices.
    """
    checked = {}
    for option in options:
        value = params.get(option.id, option.default)
        allowed = {choice.value for choice in option.choices} | {option.default}
        asked = [part for part in value.split(",") if part] if option.multiple else [value]
        for part in asked:
            if part not in allowed and not (option.accepts is not None and option.accepts(part)):
                raise InvalidValueError("unknown_choice", field=option.id, value=part[:80])
        checked[option.id] = ",".join(sorted(set(asked))) if option.multiple else value
    return checked


def context_for(layer: Layer, params: Mapping[str, str], clearance: Clearance) -> Context:
    """Return the checked question to put to `layer`."""
    now = readers()
    return Context(
        bbox=parse_bbox(params.get("bbox")),
        zoom=parse_zoom(params.get("zoom")),
        options=checked_options(layer.options_for(now), params),
        clearance=clearance,
        readers=now,
    )


def features_for(layer: Layer, params: Mapping[str, str], clearance: Clearance) -> Features:
    """Return the answer of `layer` to a request's parameters, for a reader's clearance.

    Raises
    ------
    NotPermittedError
        If the role lacks the layer's permission.
    InvalidValueError
        If a parameter is not what it should be.
    """
    require_layer_access(layer, clearance)
    return layer.load(context_for(layer, params, clearance))


def pages_for(layer: Layer, params: Mapping[str, str], clearance: Clearance) -> Iterator[Features]:
    """Return all rows of `layer` a page at a time, at least one, which may be empty; raises as `features_for`, at once.

    A layer that knows no pages answers as one. What is asked of the database while the pages are taken
    may fail later on.
    """
    require_layer_access(layer, clearance)
    context = context_for(layer, params, clearance)
    # A view asks for some rows, which one answer holds; pages are of everything.
    if layer.pages is None or context.bbox is not None:
        return iter((layer.load(context),))
    return layer.pages(context)
