package qrcode

import (
	"errors"
	"fmt"
	"strings"

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

// MarshalText returns [Level.String], "" for the zero value.
func (l Level) MarshalText() ([]byte, error) {
	if l == 0 {
		return nil, nil
	}
	return []byte(l.String()), nil
}

// UnmarshalText reads "L", "M", "Q" or "H", and "" as the zero value. Anything else is
// an *[fault.InvalidError].
func (l *Level) UnmarshalText(text []byte) error {
	i := strings.Index("LMQH", string(text))
	switch {
	case len(text) == 0:
		*l = 0
	case len(text) > 1 || i < 0:
		return fault.Invalid("level", "unknown", fmt.Sprintf("want L, M, Q or H, got %.40q", text))
	default:
		*l = L + Level(i)
	}
	return nil
}

// encode is the seam between links and pictures: nothing else knows the encoder.
func encode(link string, level Level, exact bool) (*symbol.Symbol, error) {
	s, err := symbol.Encode(link, symbol.Level(level-L), !exact)
	e, ok := errors.AsType[*symbol.TooLongError](err)
	if !ok {
		return s, err
	}
	advice := "choose a lower level or shorten the link"
	if _, err := symbol.Encode(link, symbol.L, false); err != nil {
		advice = "no level holds it, shorten the link"
	}
	return nil, fault.Invalid("link", "too_long", fmt.Sprintf(
		"a QR code of level %s holds at most %d bytes, the link has %d: %s", level, e.Most, e.Bytes, advice))
}
