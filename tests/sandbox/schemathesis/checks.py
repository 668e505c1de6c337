"""What the contract says beyond its schemas, as a check for Schemathesis."""

import schemathesis

CURSORS = {"nextCursor", "prevCursor"}
DATES = {"startDate", "endDate"}
# The key of a search beyond the results that can be reached.
BEYOND = "400.021"


@schemathesis.check
def error_has_a_reason(ctx, response, case):
    """A request that breaks no schema is refused for one of four reasons, and for the right one.

    - `x-mutually-exclusive`: two parameters of one group are sent together, which no schema forbids.
    - A cursor is any string to its schema, yet only one that a response of the same list gave out leads
      anywhere: any other is unreadable (400) or belongs elsewhere (422).
    - A date is any text of ten characters to its schema, and two dates are not related by any (400).
    - A page is any number to its schema, and only so many results can be reached (400).
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    sent = {name for name, value in case.query.items() if value not in (None, [], "")}
    groups = case.operation.definition.raw.get("x-mutually-exclusive", [])
    excluded = [group for group in groups if len(sent.intersection(group)) > 1]
    if excluded:
        # Who is asking, and for what address, may be settled first.
        assert response.status_code in (401, 422), (
            f"{response.status_code} although {' and '.join(excluded[0])} exclude each other; expected 422"
        )
        return
    if response.status_code not in (400, 422):
        return
    body = response.json()
    if body.get("i18nKey") == BEYOND:
        assert "page" in sent, f"{BEYOND} to a request for the first page"
        return
    fields = {error.get("path") for error in body.get("errors") or [{}]}
    assert fields <= (CURSORS | DATES) & sent, (
        f"{response.status_code} to a request that breaks no schema, sends no excluded pair, "
        f"and is refused for {', '.join(sorted(map(str, fields)))}"
    )
