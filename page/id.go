package page

import "github.com/superapp-go/superapp/id"

// afterID returns the id in a cursor of a list that is sorted by id alone, the
// zero one for the first page. [ErrCursor] if there is none in it.
func (r Request) afterID(list string) (id.UUID, error) {
	key, err := Decode(list, r.After)
	if err != nil || key == nil {
		return id.UUID{}, err
	}
	if len(key) != len(id.UUID{}) {
		return id.UUID{}, ErrCursor
	}
	return id.UUID(key), nil
}

// ByID returns the limit and the id after which the page of a list begins that
// is sorted by id alone. The error is that of [Request.Limit] or
// [ErrCursor].
func (r Request) ByID(list string) (limit int, after id.UUID, err error) {
	if limit, err = r.Limit(); err != nil {
		return 0, after, err
	}
	after, err = r.afterID(list)
	return limit, after, err
}
