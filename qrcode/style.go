package qrcode

import (
	"fmt"
	"math"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/text"
)

// Limits of pictures.
const (
	// MaxSize is the greatest size of a picture in pixels.
	MaxSize = 8192
	// MaxCaption is in characters.
	MaxCaption = 64
)

// The quiet zone in modules: what the standard asks for, and far more than anyone
// needs.
const minQuiet, maxQuiet = 4, 64

// A Style says how a picture looks. A nil *Style is the default: black on white,
// 512 pixels. The same style may be used for many codes, at the same time too.
//
// What would make a code hard to scan is refused by an *[fault.InvalidError] with
// the figures, or corrected, see Correct.
type Style struct {
	// Size is the width and height of the square in pixels, at most [MaxSize]; a
	// caption comes below it. A module is a whole number of pixels, and what is left
	// becomes quiet zone. Default: 512.
	Size int
	// Module is the width of a module in pixels, instead of Size: never both. The whole
	// picture has at most [MaxSize] pixels a side. Default: none.
	Module int
	// Quiet is the least width of the empty margin in modules, 4 to 64. Default: 4,
	// what the standard asks for.
	Quiet int
	// Level is the error correction. It is raised where this makes the code no
	// larger, unless Exact is set. Default: [M], with a logo [Q].
	Level Level
	// Exact keeps the level from being raised. Default: false.
	Exact bool
	// Dark is the colour of the dark modules and of the caption. Default: black.
	Dark Colour
	// Light is the colour of the light modules and of the quiet zone; with Transparent
	// that of the ground on which the picture will lie, by which the contrast is
	// judged. Default: white.
	Light Colour
	// Transparent leaves light modules and quiet zone out. Default: false.
	Transparent bool
	// Logo is drawn in the middle, on a clearing of light modules. Default: none.
	Logo *Logo
	// LogoSize is the share of the code's side, without quiet zone, that the longer
	// side of the logo takes together with its clearing; it is rounded down to an odd
	// number of modules, of which there are at least 3. The code is made of blocks that
	// repair themselves; the logo may cover at most half of what each can lose, so
	// that the other half is left for dirt, and must not touch the patterns by which
	// scanners find the code. Default: what these allow, at most 0.25.
	LogoSize float64
	// Caption is a line below the code, at most [MaxCaption] characters, as large as
	// the width allows. Right-to-left scripts and others whose letters change beside
	// each other cannot be set, nor combining marks. Default: none.
	Caption string
	// Font has the caption's letters. Default: Go Regular, which has Latin, Greek and
	// Cyrillic ones.
	Font *Font
	// Correct asks for the next best picture where an unsafe one would be refused: a
	// darker dark colour, or dark and light exchanged; a ground of its own where
	// Transparent would lay it on one that is too dark; a smaller logo or a higher level;
	// a wider quiet zone; a larger picture. Default: false.
	Correct bool
}

// sized returns the style with a size that suits every code, for a picture that is scaled
// to its place.
func (s *Style) sized() *Style {
	var set Style
	if s != nil {
		set = *s
	}
	set.Size, set.Module = 0, 8
	return &set
}

// prepared returns the style with its defaults filled in and its corrections made
// as far as they do not depend on the code.
func (s *Style) prepared() (Style, error) {
	var set Style
	if s != nil {
		set = *s
	}
	var p fault.Problems
	set.checkSize(&p)
	set.checkQuiet(&p)
	if set.Level > H {
		p.Add("level", "unknown", fmt.Sprintf("want L, M, Q or H, got %d", set.Level))
	}
	set.Dark, set.Light = set.Dark.or(blackInk), set.Light.or(whiteInk)
	if set.Correct {
		ground := set.Light
		set.Dark, set.Light = correctColours(set.Dark, set.Light)
		set.Transparent = set.Transparent && set.Light == ground // else it needs a ground of its own
	}
	checkColours(&p, set.Dark, set.Light)
	if math.IsNaN(set.LogoSize) || set.LogoSize < 0 || set.LogoSize > 1 {
		p.Add("logo_size", "not_allowed", fmt.Sprintf("a share of the code's side from 0 to 1, got %g", set.LogoSize))
	}
	set.Caption = text.Line(&p, "caption", set.Caption, 0, MaxCaption)
	if set.Font == nil && set.Caption != "" {
		set.Font = goRegular()
	}
	if set.Font != nil && set.Font.sfnt == nil {
		p.Add("font", "required", "want a font that ParseFont made")
	}
	if set.Logo != nil && set.Logo.full == nil {
		p.Add("logo", "required", "want a logo that ReadLogo made")
	}
	if set.Level == 0 {
		set.Level = M
		if set.Logo != nil {
			set.Level = Q
		}
	}
	return set, p.Err()
}

func (s *Style) checkSize(p *fault.Problems) {
	switch {
	case s.Size != 0 && s.Module != 0:
		p.Add("module", "not_allowed", fmt.Sprintf("give size or module, not both: got %d and %d px", s.Size, s.Module))
	case s.Size < 0 || s.Size > MaxSize:
		p.Add("size", "not_allowed", fmt.Sprintf("1 to %d px, got %d", MaxSize, s.Size))
	case s.Module < 0 || s.Module > MaxSize:
		p.Add("module", "not_allowed", fmt.Sprintf("at least 1 px for a picture of at most %d px, got %d", MaxSize, s.Module))
	case s.Size == 0 && s.Module == 0:
		s.Size = 512
	}
}

func (s *Style) checkQuiet(p *fault.Problems) {
	switch {
	case s.Quiet == 0, s.Correct && s.Quiet > 0 && s.Quiet < minQuiet:
		s.Quiet = minQuiet
	case s.Quiet < minQuiet || s.Quiet > maxQuiet:
		p.Add("quiet", "not_allowed", fmt.Sprintf("%d to %d modules, got %d", minQuiet, maxQuiet, s.Quiet))
	}
}
