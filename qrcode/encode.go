package qrcode

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"

	"github.com/superapp-go/superapp/fault"
)

// A symbol is the square of modules that makes up a code, without quiet zone.
type symbol struct {
	// width is the number of modules of a side.
	width int
	// dark has the modules row by row.
	dark []bool
}

// capacity is the number of bytes in a code of the greatest version, 40.
var capacity = [...]int{L: 2953, M: 2331, Q: 1663, H: 1273}

// encode is the seam between links and pictures: whatever encoder makes the
// symbol, nothing else knows it. The level is one of the four.
func encode(link string, level Level) (symbol, error) {
	if limit := capacity[level]; len(link) > limit {
		return symbol{}, fault.Invalid("link", "too_long", fmt.Sprintf(
			"a QR code of level %s holds at most %d bytes, the link has %d: choose a lower level or shorten the link",
			level, limit, len(link)))
	}
	levels := [...]qr.ErrorCorrectionLevel{L: qr.L, M: qr.M, Q: qr.Q, H: qr.H}
	code, err := qr.Encode(link, levels[level], qr.Unicode)
	if err != nil {
		return symbol{}, err
	}
	s := symbol{width: code.Bounds().Dx()}
	s.dark = make([]bool, s.width*s.width)
	for i := range s.dark {
		s.dark[i] = code.At(i%s.width, i/s.width) == color.Black
	}
	return s, nil
}
