package audit

import (
	"context"
	"encoding/binary"

	"github.com/superapp-go/superapp/page"
)

// At is for packages that show a history out of the trail: it returns the query
// for a page of a list, which has one event more than the page. The error is
// that of [page.Request.Limit], or [page.ErrCursor].
func (q Query) At(list string, req page.Request) (Query, error) {
	limit, err := req.Limit()
	if err != nil {
		return q, err
	}
	key, err := page.Decode(list, req.After)
	if err != nil {
		return q, err
	}
	if key != nil {
		if len(key) != 8 {
			return q, page.ErrCursor
		}
		q.After = binary.BigEndian.Uint64(key)
	}
	q.Limit = limit + 1
	return q, nil
}

// Page reads the page of the list for which [Query.At] made the query.
func (q Query) Page(ctx context.Context, r Reader, list string) (page.Page[Event], error) {
	events, err := r.Events(ctx, q)
	if err != nil {
		return page.Page[Event]{}, err
	}
	return page.Cut(list, events, q.Limit-1, func(e Event) []byte { return binary.BigEndian.AppendUint64(nil, e.Seq) }), nil
}
