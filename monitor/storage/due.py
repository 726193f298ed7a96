"""The statements that claim due deliveries.

Made once: to build them at every turn costs more than to run them.
"""

from sqlalchemy import bindparam, exists, func, insert, or_, select, update

from monitor.storage import schema
from monitor.storage.columns import UtcDateTime
from monitor.storage.deliveries import WAITING, DeliveryState

_T, _D = schema.deliveries.c, schema.destinations.c
_P = schema.subscribers.c

_earlier, _its, _mine = schema.deliveries.alias(), schema.matches.alias(), schema.matches.alias()
_CORRECTS = exists().where(_mine.c.delivery_id == _T.id, _mine.c.edition > 1).correlate(schema.deliveries)
# A correction does not overtake what it corrects on the way to the same reader, in alerts and summaries.
_EARLIER_WAITS = (
    exists()
    .where(
        _mine.c.delivery_id == _T.id,
        _its.c.notice_id == _mine.c.notice_id,
        _its.c.edition < _mine.c.edition,
        _earlier.c.id == _its.c.delivery_id,
        _earlier.c.id < _T.id,
        _earlier.c.destination_id == _T.destination_id,
        _earlier.c.state.in_((*WAITING, DeliveryState.LEASED)),
    )
    .correlate(schema.deliveries)
)
DUE = (
    select(
        _T.id.label("delivery_id"),
        _T.due_at,
        _T.attempts,
        _T.message_id,
        _T.destination_id,
        _T.revision_id,
        _D.channel,
        _D.address,
        _D.subscriber_id,
        _P.language,
        _P.timezone,
        _P.quiet_hours,
        _T.content,
        _T.may_repeat,
        _T.give_up_at,
    )
    .join(schema.destinations, _D.id == _T.destination_id)
    .join(schema.subscribers, _P.id == _D.subscriber_id)
    .where(_T.state == bindparam("state"), _T.due_at <= bindparam("now"), _D.active)
    .where(_D.channel.in_(bindparam("channels", expanding=True)))
    .where(_D.id.not_in(bindparam("full", expanding=True)))
    # For most there is nothing to ask. Asked by itself the second question is the first that PostgreSQL looks
    # into, once for each pair of deliveries to a destination.
    .where(or_(~_CORRECTS, ~_EARLIER_WAITS))
    .order_by(_T.due_at, _T.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=schema.deliveries)
)
LEASE = (
    update(schema.deliveries)
    .where(_T.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=DeliveryState.LEASED,
        attempts=_T.attempts + 1,
        worker=bindparam("worker"),
        lease_until=bindparam("until"),
        give_up_at=func.coalesce(_T.give_up_at, bindparam("last", type_=UtcDateTime)),
    )
)
BEGIN = insert(schema.attempts).from_select(
    ["delivery_id", "number", "worker", "started_at"],
    select(_T.id, _T.attempts, _T.worker, bindparam("now", type_=UtcDateTime)).where(
        _T.id.in_(bindparam("ids", expanding=True))
    ),
)
