package qrcode

import (
	"errors"
	"fmt"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// A Level is how much of a picture may be lost while it still scans.
type Level uint8

// The levels: about 7, 15, 25 and 30 percent may be lost. A higher level makes
// a denser code and holds less.
const (
	L Level = iota + 1
	M
	Q
	H
)

// String returns "L", "M", "Q" or "H".
func (l Level) String() string {
	if l < L || l > H {
		return "?"
	}
	return "LMQH"[l-1 : l]
}

// encode is the seam between links and pictures: nothing else knows the encoder.
func encode(link string, level Level, exact bool) (*symbol.Symbol, error) {
	s, err := symbol.Encode(link, symbol.Level(level-L), !exact)
	if e, ok := errors.AsType[*symbol.TooLongError](err); ok {
		return nil, fault.Invalid("link", "too_long", fmt.Sprintf(
			"a QR code of level %s holds at most %d bytes, the link has %d: choose a lower level or shorten the link",
			level, e.Most, e.Bytes))
	}
	return s, err
}
