package qrcode

import (
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/superapp-go/superapp/fault"
)

// A Font has the letters of captions. [ParseFont] makes one; it may be used for many
// codes, at the same time too.
type Font struct {
	sfnt *sfnt.Font
	// em is the number of units that lengths in the font are given in.
	em fixed.Int26_6
}

// ParseFont reads a TrueType or OpenType font, or the first one of a collection.
// The bytes are used from then on and must not change. They should come from the
// host and not from its users: no limit is set to what a font may ask for.
func ParseFont(data []byte) (*Font, error) {
	malformed := fault.Invalid("font", "malformed", "want a TrueType or OpenType font")
	if len(data) == 0 { // The parser does not expect that.
		return nil, malformed
	}
	all, err := sfnt.ParseCollection(data)
	if err != nil {
		return nil, malformed
	}
	f, err := all.Font(0)
	if err != nil {
		return nil, malformed
	}
	return &Font{f, fixed.Int26_6(f.UnitsPerEm())}, nil
}

// goRegular is the font of those who give none.
var goRegular = sync.OnceValue(func() *Font {
	f, err := ParseFont(goregular.TTF)
	if err != nil {
		panic(err) // The bytes are part of the program.
	}
	return f
})

// A textLine is a text in glyphs; lengths are in units of the font.
type textLine struct {
	font *Font
	// width is from the first glyph's origin to the end of the last one.
	width int
	// ascent and descent are how far it reaches above and below the baseline.
	ascent, descent int
	glyphs          []glyph
}

type glyph struct {
	segments []sfnt.Segment
	// x is where its origin lies.
	x int
}

// set lays a text out. It notes each character that it cannot set.
func (f *Font) set(p *fault.Problems, text string) textLine {
	line := textLine{font: f}
	var b sfnt.Buffer
	refused := func(r rune, why string) {
		p.Add("caption", "not_allowed", fmt.Sprintf("%q (%U): %s", r, r, why))
	}
	if m, err := f.sfnt.Metrics(&b, f.em, font.HintingNone); err == nil {
		line.ascent, line.descent = int(m.Ascent), int(m.Descent)
	}
	var before sfnt.GlyphIndex
	for _, r := range text {
		if !isSimple(r) {
			refused(r, "right-to-left and joined scripts and combining marks cannot be set: use letters that stand alone")
			continue
		}
		index, err := f.sfnt.GlyphIndex(&b, r)
		if err == nil && index == 0 {
			refused(r, "the font has no such character: choose another font")
			continue
		}
		var advance fixed.Int26_6
		var segments []sfnt.Segment
		if err == nil {
			advance, err = f.sfnt.GlyphAdvance(&b, index, f.em, font.HintingNone)
		}
		if err == nil {
			segments, err = f.sfnt.LoadGlyph(&b, index, f.em, nil)
		}
		if err != nil {
			refused(r, "the font's outline of it cannot be read: choose another font")
			continue
		}
		if before != 0 {
			// A font without kerning says so by an error.
			if kern, err := f.sfnt.Kern(&b, before, index, f.em, font.HintingNone); err == nil {
				line.width += int(kern)
			}
		}
		before = index
		// Why a copy: the buffer is used again.
		line.glyphs = append(line.glyphs, glyph{append([]sfnt.Segment(nil), segments...), line.width})
		line.width += int(advance)
	}
	return line
}
