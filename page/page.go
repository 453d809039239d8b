// Package page holds what every list has in common: a page is asked for by
// size and cursor, and answered with its items and the cursor of the next.
//
// Lists are stable: an item that is there while somebody pages is seen once,
// whatever is added or removed meanwhile, and a page deep in a list costs what
// the first one does.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/superapp-go/superapp/fault"
)

// DefaultSize and MaxSize bound the number of items of a page.
const (
	DefaultSize = 50
	MaxSize     = 500
)

// A Request asks for one page. The zero value asks for the first, of
// [DefaultSize].
type Request struct {
	// Size is the greatest number of items, 1 to [MaxSize]. 0 means
	// [DefaultSize].
	Size int
	// After is the cursor of the page before, "" for the first page.
	After Cursor
}

// A Cursor is the place where a page ended. It is opaque text, safe in a URL,
// and belongs to the list it came from.
type Cursor string

// A Page is some items of a list, in order.
type Page[T any] struct {
	Items []T
	// Next continues the list; "" when this page is the last.
	Next Cursor
}

// ErrCursor is the error for a cursor that is none, or of another list.
var ErrCursor = fault.Define(fault.ErrInvalid, "page.cursor",
	"not a cursor of this list: pass Next of the page before, or nothing to start again")

const sumSize = 4

// Encode makes a cursor of the list from the sort key of its last item.
func Encode(list string, key []byte) Cursor {
	sum := sha256.Sum256(append([]byte(list+"\x00"), key...))
	return Cursor(base64.RawURLEncoding.EncodeToString(append(sum[:sumSize:sumSize], key...)))
}

// Decode returns the sort key in a cursor of the list: nil for "", [ErrCursor]
// for one that was not made by [Encode] for this list.
func Decode(list string, c Cursor) ([]byte, error) {
	if c == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil || len(raw) <= sumSize || Encode(list, raw[sumSize:]) != c {
		return nil, ErrCursor
	}
	return raw[sumSize:], nil
}

// Limit returns how many items the request asks for, or an error whose field
// is "size".
func (r Request) Limit() (int, error) {
	switch {
	case r.Size == 0:
		return DefaultSize, nil
	case r.Size < 0 || r.Size > MaxSize:
		return 0, fault.Invalid("size", "not_allowed", fmt.Sprintf("want 1 to %d items a page, got %d", MaxSize, r.Size))
	}
	return r.Size, nil
}

// Cut makes a page of up to limit items out of the limit+1 that were read; key
// gives the sort key of an item.
func Cut[T any](list string, items []T, limit int, key func(T) []byte) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	items = items[:limit:limit]
	return Page[T]{Items: items, Next: Encode(list, key(items[limit-1]))}
}
