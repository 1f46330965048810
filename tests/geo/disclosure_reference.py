"""The cell rule once more, slowly and place by place, to compare the gate with."""

from domain.roles import Tier
from domain.vocabulary import coarse_kind
from geo.cell_pieces import parent_pieces, piece_table
from geo.cells import cells_of

START = {Tier.CELL_10: 10, Tier.CELL_9: 9, Tier.CITY_PART: 0}


def pieces_of_record(record):
    """Return the piece at each resolution."""
    import numpy as np

    if record.position is None:
        return {}
    table = piece_table(10)
    part = np.array([table.codes.index(record.city_part)])
    piece = int(table.find(cells_of(np.array([record.position.lon]), np.array([record.position.lat])), part)[0])
    found = {10: piece}
    for resolution in (9, 8, 7):
        piece = int(parent_pieces(resolution + 1)[piece])
        found[resolution] = piece
    return found


def passes(members):
    return len(members) >= 3 and len({record.organisation_id for record, _ in members}) >= 2


def reference_areas(records, tier_of):
    """Return {(level, piece or city part, kind): set of record ids} of the records below T0."""
    waiting = [(record, START[tier_of(record)]) for record in records if tier_of(record) in START]
    pieces = {record.id: pieces_of_record(record) for record, _ in waiting}
    shown = {}
    for level in (10, 9, 8, 7):
        here = {}
        for item in waiting:
            if item[1] >= level and pieces[item[0].id]:
                here.setdefault(pieces[item[0].id][level], []).append(item)
        for piece, items in here.items():
            shown_before = dict(shown)
            rest = []
            for kind in sorted({coarse_kind(record.kind).value for record, _ in items}):
                members = [item for item in items if coarse_kind(item[0].kind).value == kind]
                if passes(members):
                    shown[level, piece, kind] = members
                else:
                    rest += members
            if passes(rest):
                shown[level, piece, "mixed"] = rest
                rest = []
            finer = {
                key: value
                for key, value in shown_before.items()
                if key[0] > level and pieces[value[0][0].id][level] == piece
            }
            if rest and finer:
                kinds = {coarse_kind(record.kind).value for record, _ in rest}
                best = min(finer, key=lambda key: (kinds != {key[2]}, len(finer[key]), -key[0], key[1], ORDER[key[2]]))
                kind = best[2] if kinds == {best[2]} else "mixed"
                shown[level, piece, kind] = rest + shown.pop(best)
                rest = []
            left = {record.id for record, _ in rest}
            taken = {record.id for record, _ in items} - left
            waiting = [item for item in waiting if item[0].id not in taken]
    for record, start in waiting:
        shown.setdefault((0, record.city_part, coarse_kind(record.kind).value), []).append((record, start))
    return {key: {record.id for record, _ in members} for key, members in shown.items()}


ORDER = {"live": 0, "work": 1, "meet": 2, "other": 3, "mixed": 4}
