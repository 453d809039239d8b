package qrcode

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/superapp-go/superapp/fault"
)

// A Colour is opaque. The zero value stands for the default of the field it is
// in. [ParseColour] and [RGB] make others.
type Colour struct {
	r, g, b uint8
	set     bool
}

// RGB returns the colour with these parts.
func RGB(r, g, b uint8) Colour { return Colour{r, g, b, true} }

// ParseColour reads "#0a3d62" or "#fff", which is "#ffffff", in small or capital
// letters. Anything else, such as the name of a colour, is an
// *[fault.InvalidError].
func ParseColour(s string) (Colour, error) {
	digits, ok := strings.CutPrefix(s, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || len(digits) != 6 {
		return Colour{}, fault.Invalid("colour", "malformed", fmt.Sprintf("want a colour like #0a3d62 or #fff, got %.40q", s))
	}
	return RGB(uint8(n>>16), uint8(n>>8), uint8(n)), nil
}

// String returns "#0a3d62", or "" for the zero value.
func (c Colour) String() string {
	if !c.set {
		return ""
	}
	return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b)
}

// MarshalText returns [Colour.String].
func (c Colour) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what [ParseColour] reads, and "" as the zero value.
func (c *Colour) UnmarshalText(text []byte) (err error) {
	*c = Colour{}
	if len(text) > 0 {
		*c, err = ParseColour(string(text))
	}
	return err
}

// or returns the colour, or another in place of the zero value.
func (c Colour) or(other Colour) Colour {
	if c.set {
		return c
	}
	return other
}

func (c Colour) nrgba(alpha uint8) color.NRGBA { return color.NRGBA{c.r, c.g, c.b, alpha} }

// mix returns the colour with so many 255ths of another in it.
func (c Colour) mix(other Colour, share int) Colour {
	part := func(a, b uint8) uint8 { return uint8((int(a)*(255-share) + int(b)*share + 127) / 255) }
	return RGB(part(c.r, other.r), part(c.g, other.g), part(c.b, other.b))
}

// luminance is the relative luminance of WCAG 2: 0 for black, 1 for white.
func (c Colour) luminance() float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

// minContrast is what scanners need between dark and light (Q4).
const minContrast = 4.5

// contrast is the ratio of WCAG 2: 1 for twice the same, 21 for black and white.
func contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

var (
	blackInk = RGB(0, 0, 0)
	whiteInk = RGB(255, 255, 255)
)

// checkColours notes what keeps scanners from telling dark from light.
func checkColours(p *fault.Problems, dark, light Colour) {
	if dark.luminance() > light.luminance() {
		p.Add("dark", "not_allowed", fmt.Sprintf(
			"the dark colour %s is lighter than the light one %s: many scanners do not read that, exchange them", dark, light))
	}
	if c := contrast(dark, light); c < minContrast {
		// Why rounded down: 4.49 must not be told as 4.5.
		p.Add("dark", "not_allowed", fmt.Sprintf(
			"contrast %.1f:1 of %s on %s, want at least %.1f:1: choose a darker dark or a lighter light colour",
			math.Floor(c*10)/10, dark, light, minContrast))
	}
}

// correctColours returns colours that [checkColours] has nothing against, as near
// to the given ones as their hue allows: the darker of the two for the dark
// modules, darkened as far as necessary, and only if black is not dark enough a
// lighter light one.
func correctColours(dark, light Colour) (Colour, Colour) {
	if dark.luminance() > light.luminance() {
		dark, light = light, dark
	}
	brand := dark
	for share := 1; contrast(dark, light) < minContrast && share <= 255; share++ {
		dark = brand.mix(blackInk, share)
	}
	ground := light
	for share := 1; contrast(dark, light) < minContrast && share <= 255; share++ {
		light = ground.mix(whiteInk, share)
	}
	return dark, light
}
