package main

import (
	"cmp"
	"image"
	"image/color"
	"maps"
	"slices"
)

// colours is how many a picture keeps: text and its smooth edges need few.
const colours = 48

// reduced returns a part of a picture in the colours that are most often in it.
func reduced(img image.Image, b image.Rectangle) *image.Paletted {
	count := make(map[color.RGBA]int)
	each(b, func(x, y int) { count[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++ })
	often := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		// Why the second: the same picture is to give the same bytes.
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(number(a), number(b)))
	})
	var palette color.Palette
	for _, c := range often[:min(colours, len(often))] {
		palette = append(palette, c)
	}
	out := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), palette)
	known := make(map[color.RGBA]uint8)
	each(b, func(x, y int) {
		c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
		at, ok := known[c]
		if !ok {
			at = uint8(palette.Index(c))
			known[c] = at
		}
		out.SetColorIndex(x-b.Min.X, y-b.Min.Y, at)
	})
	return out
}

func number(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }

// each calls fn for every point of a rectangle.
func each(b image.Rectangle, fn func(x, y int)) {
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			fn(x, y)
		}
	}
}
