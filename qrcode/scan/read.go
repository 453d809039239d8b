package scan

import (
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// A found code is one that was read.
type foundCode struct {
	text string
	// grid has one bit for each module as it was sampled, errors included; nobody
	// changes it.
	grid *gozxing.BitMatrix
}

// hints tell the decoder what phones take bytes for that declare no character
// set.
var hints = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"}

// read finds a code in a picture and decodes it. It tries two ways to tell dark
// from light: a threshold for each neighbourhood sees through shadows and
// colours, one threshold for all keeps small modules apart. The error is
// ErrDamaged if one of them saw a code, or else ErrNothing.
func read(img image.Image) (foundCode, error) {
	g, err := newGray(img)
	if err != nil {
		return foundCode{}, err
	}
	found, err := g.read(gozxing.NewHybridBinarizer)
	if err == nil {
		return found, nil
	}
	again, e := g.read(gozxing.NewGlobalHistgramBinarizer)
	if e == nil || err == error(ErrNothing) {
		return again, e
	}
	return foundCode{}, err
}

// read looks for one code. The error is ErrNothing or ErrDamaged.
func (g gray) read(binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) (found foundCode, err error) {
	// The decoder is a port of a program that throws exceptions, and indexes out of
	// range on some pictures that hold no code.
	err = ErrNothing
	defer func() {
		if recover() != nil {
			found = foundCode{}
		}
	}()
	source, e := gozxing.NewPlanarYUVLuminanceSource(g.pix, g.width, g.height, 0, 0, g.width, g.height, false)
	if e != nil {
		return foundCode{}, err
	}
	dark, e := binarizer(source).GetBlackMatrix()
	if e != nil {
		return foundCode{}, err
	}
	corners, ok := findCorners(dark)
	if !ok {
		return foundCode{}, err
	}
	sampled, e := detector.NewDetector(dark).ProcessFinderPatternInfo(corners)
	if e != nil {
		return foundCode{}, err
	}
	err = ErrDamaged
	grid := sampled.GetBits()
	result, e := decoder.NewDecoder().Decode(clone(grid), hints) // which unmasks what it is given
	if e != nil {
		return foundCode{}, err
	}
	if meta, ok := result.GetOther().(*decoder.QRCodeDecoderMetaData); ok && meta.IsMirrored() {
		return foundCode{}, ErrNothing // many scanners read no mirrored code
	}
	return foundCode{text: result.GetText(), grid: grid}, nil
}

// maxCorners is how many patterns that look like the corner of a code are
// weighed against each other. Which three belong together takes the third power
// of it: without a limit a picture of rings alone takes hours.
const maxCorners = 64

// findCorners looks for the three finder patterns. It does what Find of the
// decoder does when it tries harder, but for the limit.
func findCorners(dark *gozxing.BitMatrix) (*detector.FinderPatternInfo, bool) {
	finder := detector.NewFinderPatternFinder(dark, nil)
	const skip = detector.FinderPatternFinder_MIN_SKIP
	for y := skip - 1; y < dark.GetHeight(); y += skip {
		// counts are the lengths of five runs, the even ones dark.
		counts, state := make([]int, 5), 0
		for x := range dark.GetWidth() {
			if dark.Get(x, y) == (state%2 == 0) {
				counts[state]++
				continue
			}
			if state < 4 {
				if state > 0 || counts[0] > 0 { // a line begins with the first dark run
					state++
					counts[state]++
				}
				continue
			}
			if detector.FinderPatternFinder_foundPatternCross(counts) && finder.HandlePossibleCenter(counts, y, x) {
				counts, state = make([]int, 5), 0
				if len(finder.GetPossibleCenters()) > maxCorners {
					return nil, false
				}
				continue
			}
			detector.FinderPatternFinder_ShiftCounts2(counts)
			state = 3
		}
		if detector.FinderPatternFinder_foundPatternCross(counts) {
			finder.HandlePossibleCenter(counts, y, dark.GetWidth())
		}
	}
	best, e := finder.SelectBestPatterns()
	if e != nil {
		return nil, false
	}
	bl, tl, tr := gozxing.ResultPoint_OrderBestPatterns(best[0], best[1], best[2])
	return detector.NewFinderPatternInfo(bl.(*detector.FinderPattern), tl.(*detector.FinderPattern), tr.(*detector.FinderPattern)), true
}

// clone copies a square of modules.
func clone(m *gozxing.BitMatrix) *gozxing.BitMatrix {
	c, _ := gozxing.NewSquareBitMatrix(m.GetWidth()) // fails for no width only
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) {
				c.Set(x, y)
			}
		}
	}
	return c
}
